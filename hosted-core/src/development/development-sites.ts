import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Settings } from '../config/settings.ts';
import { type Operator, openOperator } from '../operator.ts';
import { SAMPLE_PURPOSE } from './sample-purpose.ts';

/** What a site needs to know of itself; kept between starts, so that nobody gets a new user_ref. */
export interface DevelopmentSite {
  readonly site: string;
  readonly siteSecret: string;
  readonly webhookSecret: string;
  readonly sessionSecret: string;
}

export interface DevelopmentSiteWish {
  /** Its client id. */
  readonly site: string;
  /** The name that people see. */
  readonly name: string;
  /** Its origin, such as `http://localhost:3000`. */
  readonly url: string;
  /** Scopes that it may ask for. */
  readonly attributes: readonly string[];
  /** Origins of its previews, such as `http://*.localhost:3000`. Default: none. */
  readonly previewPatterns?: readonly string[];
}

/**
 * Registers the sites that are not registered yet, each with a purpose (`order_delivery`) and a webhook
 * endpoint at the default paths of the SDKs.
 * @param options `file` keeps what was registered, with mode 0600
 * @throws UserrefError `invalid_request`, `unknown_attribute`, or `conflict` when the core has the site and
 *   `file` does not
 */
export async function ensureDevelopmentSites(
  { settings }: { readonly settings: Settings },
  { file, wishes }: { file: string; wishes: readonly DevelopmentSiteWish[] },
): Promise<DevelopmentSite[]> {
  const known: DevelopmentSite[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const missing = wishes.filter((wish) => !known.some(({ site }) => site === wish.site));
  if (missing.length > 0) {
    const operator = openOperator(settings);
    try {
      for (const wish of missing) {
        known.push(await register(operator, wish));
        keep(file, known);
      }
    } finally {
      await operator.close();
    }
  }
  return wishes.map((wish) => known.find(({ site }) => site === wish.site) as DevelopmentSite);
}

async function register(
  operator: Operator,
  { site, name, url, attributes, previewPatterns }: DevelopmentSiteWish,
): Promise<DevelopmentSite> {
  const { secret } = await operator.registerSite({
    siteId: site,
    name,
    redirectUris: [`${url}/userref/callback`],
    postLogoutRedirectUris: [url, `${url}/`],
    initiateLoginUri: `${url}/userref/login`,
    attributeScopes: attributes,
    purposes: [SAMPLE_PURPOSE],
    previewPatterns,
  });
  const webhook = await operator.addWebhookEndpoint({ siteId: site, url: `${url}/userref/webhook` });
  return {
    site,
    siteSecret: secret,
    webhookSecret: webhook.secret,
    sessionSecret: randomBytes(32).toString('base64url'),
  };
}

/** By renaming: a process that is killed leaves the old file or the new one. */
function keep(file: string, sites: readonly DevelopmentSite[]): void {
  writeFileSync(`${file}.new`, JSON.stringify(sites), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
