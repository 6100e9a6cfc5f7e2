import type { GivenOptions } from './options.ts';

const VARIABLES = {
  issuer: 'USERREF_ISSUER',
  site: 'USERREF_SITE',
  siteSecret: 'USERREF_SITE_SECRET',
  baseUrl: 'USERREF_BASE_URL',
  previewOrigin: 'USERREF_PREVIEW_ORIGIN',
  sessionSecret: 'USERREF_SESSION_SECRET',
  webhookSecret: 'USERREF_WEBHOOK_SECRET',
} as const;

/** What the environment says, at this moment. The one place of this SDK that reads `process.env`. */
export function fromEnvironment(): GivenOptions<never> {
  const variables = globalThis.process?.env ?? {};
  const found = Object.entries(VARIABLES).map(([option, name]) => [option, variables[name]]);
  return Object.fromEntries(found.filter(([, value]) => value));
}
