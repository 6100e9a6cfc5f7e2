/** The settings of a site, as every example and `userref dev` name them. */
export const VARIABLES = {
  issuer: 'USERREF_ISSUER',
  site: 'USERREF_SITE',
  siteSecret: 'USERREF_SITE_SECRET',
  baseUrl: 'USERREF_BASE_URL',
  sessionSecret: 'USERREF_SESSION_SECRET',
  webhookSecret: 'USERREF_WEBHOOK_SECRET',
} as const;

export type VariableName = (typeof VARIABLES)[keyof typeof VARIABLES];
