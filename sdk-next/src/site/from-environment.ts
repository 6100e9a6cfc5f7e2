import type { GivenOptions } from './options.ts';

const VARIABLES = {
  issuer: 'USERREF_ISSUER',
  site: 'USERREF_SITE',
  siteSecret: 'USERREF_SITE_SECRET',
  baseUrl: 'USERREF_BASE_URL',
} as const;
/** These may hold several, parted by spaces, while they are rotated. */
const LISTS = {
  sessionSecret: 'USERREF_SESSION_SECRET',
  webhookSecret: 'USERREF_WEBHOOK_SECRET',
} as const;

/** What the environment says, at this moment. The one place of this SDK that reads `process.env`. */
export function fromEnvironment(): GivenOptions {
  const variables = globalThis.process?.env ?? {};
  const texts = Object.entries(VARIABLES).map(([option, name]) => [option, variables[name]]);
  const lists = Object.entries(LISTS).map(([option, name]) => [
    option,
    variables[name]?.split(/\s+/).filter(Boolean),
  ]);
  return Object.fromEntries([...texts, ...lists].filter(([, value]) => value !== undefined));
}
