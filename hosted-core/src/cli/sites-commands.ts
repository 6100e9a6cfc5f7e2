import { type Command, Option } from 'commander';
import { setPreviewPatterns } from '../core/sites/preview-registration.ts';
import { registerSite } from '../core/sites/register-site.ts';
import { SiteRepository } from '../core/sites/site-repository.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { PurposeText } from '../wall/region-cell.ts';
import { print } from './report.ts';
import { withCoreDatabase } from './with-core.ts';

interface CreateOptions {
  readonly redirectUri: string[];
  readonly postLogoutRedirectUri?: string[];
  readonly initiateLoginUri?: string;
  readonly id?: string;
  readonly name?: string;
  readonly attribute?: string[];
  readonly purpose?: string[];
  readonly idTokenAlg: 'ES256' | 'RS256';
  readonly pkce: boolean;
  readonly preview?: string[];
  readonly json?: boolean;
}

export function addSitesCommands(program: Command): void {
  const sites = program.command('sites').description('register and list sites');
  sites
    .command('create')
    .description('register a site; its secret is shown once')
    .requiredOption('--redirect-uri <uri...>', 'where logins come back to, exactly as the site will send it')
    .option('--post-logout-redirect-uri <uri...>', 'where sign-outs may lead to')
    .option('--initiate-login-uri <uri>', 'where a login may be started from outside')
    .option('--id <id>', 'client id of the site (default: random)')
    .option('--name <name>', 'name that people see (default: host of the first redirect URI)')
    .option('--attribute <name...>', 'attributes that the site may ask for, such as address:shipping')
    .option('--purpose <id=title: description...>', 'purposes that it may ask for them, in English')
    .addOption(
      new Option('--id-token-alg <alg>', 'signature of its passports')
        .choices(['ES256', 'RS256'])
        .default('ES256'),
    )
    .option(
      '--preview <pattern...>',
      'origins of previews, such as https://*--shop.netlify.app (test mode only)',
    )
    .option('--no-pkce', 'exempt the site from PKCE (old clients only: opens it to stolen codes)')
    .option('--json', 'one JSON object: client_id, client_secret, issuer')
    .action(async (options: CreateOptions, command: Command) => create(options, command));
  sites
    .command('previews')
    .description('replace the origins at which previews of a site sign people in (test mode only)')
    .argument('<client-id>', 'the site')
    .argument('[pattern...]', 'each with one *, such as https://*--shop.netlify.app; none takes them away')
    .option('--json', 'one JSON object')
    .action(async (siteId: string, patterns: string[], options: { json?: boolean }, command: Command) =>
      previews({ siteId, patterns, ...options }, command),
    );
  sites
    .command('list')
    .description('list the registered sites')
    .option('--json', 'one JSON object')
    .action(async (options: { json?: boolean }, command: Command) => list(options, command));
}

async function create(options: CreateOptions, command: Command): Promise<void> {
  await withCoreDatabase(command, async ({ settings, database }) => {
    const { site, secret } = await registerSite(
      { database, sites: new SiteRepository(database) },
      {
        tenantId: settings.tenantId,
        redirectUris: options.redirectUri,
        postLogoutRedirectUris: options.postLogoutRedirectUri,
        initiateLoginUri: options.initiateLoginUri,
        siteId: options.id,
        name: options.name,
        attributeScopes: options.attribute,
        purposes: options.purpose?.map(parsePurpose),
        idTokenAlg: options.idTokenAlg,
        pkceRequired: options.pkce,
        previewPatterns: options.preview,
      },
    );
    if (!options.pkce)
      process.stderr.write(
        'Warning: without PKCE a stolen code can be used. Remove the exemption when the client can.\n',
      );
    print(
      { client_id: site.siteId, client_secret: secret, issuer: settings.core.url, cell: settings.cell.url },
      {
        json: options.json,
        text: `Registered ${site.name}.\n\n  issuer         ${settings.core.url}\n  client_id      ${site.siteId}\n  client_secret  ${secret}\n\nThe secret is not shown again.`,
      },
    );
  });
}

async function previews(
  { siteId, patterns, json }: { siteId: string; patterns: string[]; json?: boolean },
  command: Command,
): Promise<void> {
  await withCoreDatabase(command, async ({ settings: { tenantId }, database }) => {
    const sites = new SiteRepository(database);
    await setPreviewPatterns({ database, sites }, { tenantId, siteId, patterns });
    const text =
      patterns.length > 0 ? `Previews of ${siteId}: ${patterns.join(' ')}` : `${siteId} has no previews.`;
    print({ client_id: siteId, preview_patterns: patterns }, { json, text });
  });
}

async function list({ json }: { json?: boolean }, command: Command): Promise<void> {
  await withCoreDatabase(command, async ({ settings, database }) => {
    const sites = await new SiteRepository(database).list(settings.tenantId);
    print(
      {
        sites: sites.map(({ siteId, name, origin, status }) => ({ client_id: siteId, name, origin, status })),
      },
      {
        json,
        text:
          sites.length === 0
            ? 'No sites yet. Register one: userref-core sites create --redirect-uri …'
            : sites.map((site) => `${site.siteId}  ${site.origin}  ${site.status}  ${site.name}`).join('\n'),
      },
    );
  });
}

/** `order_delivery=Deliver your order: To bring you what you ordered.` */
function parsePurpose(text: string): PurposeText {
  const match = /^([a-z][a-z0-9_]{1,62})=([^:]+)(?::\s*(.+))?$/.exec(text);
  const [, purposeId, title, description] = match ?? [];
  if (!purposeId || !title) {
    throw new UserrefError('invalid_request', { detail: 'A purpose is written as id=Title: Description.' });
  }
  return {
    purposeId,
    version: 1,
    maxDurationDays: 365,
    texts: { en: { title: title.trim(), description: (description ?? title).trim() } },
  };
}
