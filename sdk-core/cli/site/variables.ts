/** The settings of a site, as every example and `userref dev` name them. */
export const VARIABLES = {
  issuer: 'USERREF_ISSUER',
  site: 'USERREF_SITE',
  siteSecret: 'USERREF_SITE_SECRET',
  baseUrl: 'USERREF_BASE_URL',
  sessionSecret: 'USERREF_SESSION_SECRET',
  webhookSecret: 'USERREF_WEBHOOK_SECRET',
  previewOrigin: 'USERREF_PREVIEW_ORIGIN',
} as const;

/** Where a site may send its mails while the emulator runs; no name of production's settings, so it replaces none. */
export const DEVELOPMENT_SMTP = 'USERREF_DEV_SMTP';

export type VariableName = (typeof VARIABLES)[keyof typeof VARIABLES];
