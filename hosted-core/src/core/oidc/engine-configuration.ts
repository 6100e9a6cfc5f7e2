import Keygrip from 'keygrip';
import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { OutboundFetch } from '../../outbound/outbound-fetch.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';
import type { RegionCell } from '../../wall/region-cell.ts';
import type { SiteDirectory } from '../sites/site-directory.ts';
import type { StatusPositions } from '../status-list/status-positions.ts';
import type { SubjectRepository } from '../subjects/subject-repository.ts';
import type { TenantMode } from '../tenants/tenant-repository.ts';
import { accountFinder, pseudonymFinder } from './accounts.ts';
import { ArtifactAdapter, SiteAdapter } from './artifact-adapter.ts';
import { ACR_VALUES } from './assurance.ts';
import { checkAttributeRequest, requestedAttributes } from './attribute-request.ts';
import { SITE_MEMBERS } from './client-metadata.ts';
import { corePages } from './core-pages.ts';
import { grantLoader } from './grants.ts';
import { createInteractionPolicy } from './interaction-policy.ts';
import { PASSPORT_TTL_SECONDS } from './passport.ts';
import { PersonalHints } from './personal-hints.ts';
import { richAuthorizationRequests } from './pii-access.ts';
import type { SigningKeySet } from './signing-keys.ts';
import type { SiteClient } from './site-client.ts';
import { startInteraction } from './start-interaction.ts';

export interface EngineOptions {
  readonly issuer: string;
  readonly tenantId: string;
  readonly mode: TenantMode;
  readonly keys: SigningKeySet;
  readonly secrets: SecretBox;
  readonly cell: RegionCell;
  readonly sites: SiteDirectory;
  readonly subjects: SubjectRepository;
  readonly positions: StatusPositions;
  readonly fetch: OutboundFetch;
}

/** An access token lives as long as a session at a site; revocation ends it at once. */
const ACCESS_TOKEN_TTL_SECONDS = 8 * 3600;
const DAY_SECONDS = 86_400;
const site = (client: unknown) => client as SiteClient;

/** Every setting of the engine. What a strict reader would object to in its defaults is replaced here. */
export function engineConfiguration(options: EngineOptions): Configuration {
  const pages = corePages(options.issuer);
  const hints = new PersonalHints(options.secrets);
  return {
    ...people(options),
    ...protocol(options),
    adapter: ((kind: string) =>
      kind === 'Client' ? new SiteAdapter(options.sites) : new ArtifactAdapter(kind, hints)) as never,
    jwks: { keys: options.keys.jwks as never },
    cookies: cookies(options),
    discovery: {
      protected_resources: [options.cell.resource],
      userref_mode: options.mode,
      claim_types_supported: ['normal'],
      // Sent through our own outbox, with retries; the engine would send once.
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    } as never,
    features: features(options, pages),
    fetch: options.fetch as never,
    fetchResponseBodyLimits: { jwks_uri: 65_536, sector_identifier_uri: 65_536 } as never,
    interactions: {
      policy: createInteractionPolicy(options),
      url: (ctx, interaction) => startInteraction(options, ctx, interaction),
    },
    renderError: pages.error,
    ttl: lifetimes(),
  };
}

/** Who signs in, under which pseudonym, and what an ID token may say of them. */
function people(options: EngineOptions): Configuration {
  return {
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: pseudonymFinder(options.subjects),
    // The sector is the site's id; no host has to vouch for it.
    sectorIdentifierUriValidate: () => false,
    findAccount: accountFinder(options.subjects),
    loadExistingGrant: grantLoader(options),
    acrValues: ACR_VALUES,
    scopes: ['openid', 'offline_access'],
    claims: { openid: ['sub', 'acr', 'auth_time'] },
    conformIdTokenClaims: true,
  };
}

/** What a request may look like (RFC 9700). */
function protocol(options: EngineOptions): Configuration {
  return {
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256', 'RS256'] },
    pkce: { required: (_ctx, client) => site(client).pkce_required !== false },
    allowOmittingSingleRegisteredRedirectUri: false,
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    extraParams: { purpose: checkAttributeRequest(options.sites), first_screen: null } as never,
    extraClientMetadata: { properties: [...SITE_MEMBERS] },
    clientBasedCORS: (_ctx, origin, client) =>
      site(client).redirectUris.some((uri) => new URL(uri).origin === origin),
  };
}

function features(options: EngineOptions, pages: ReturnType<typeof corePages>): Configuration['features'] {
  const { cell } = options;
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: true },
    clientCredentials: { enabled: true },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    introspection: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: pages.confirmLogout,
      postLogoutSuccessSource: pages.loggedOut,
    },
    richAuthorizationRequests: richAuthorizationRequests(options) as never,
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx) => (requestsAttributes(ctx) ? cell.resource : (undefined as never)),
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, resource, client) => resourceServer(cell, resource, site(client)),
    },
  };
}

function cookies({ issuer, secrets }: EngineOptions): Configuration['cookies'] {
  const secure = issuer.startsWith('https:');
  return {
    keys: new Keygrip([secrets.deriveKey('cookies').toString('base64url')], 'sha256') as never,
    names: {
      session: secure ? '__Host-userref_core' : 'userref_core',
      interaction: 'userref_interaction',
      resume: 'userref_resume',
    },
    long: { signed: true, httpOnly: true, sameSite: 'lax', secure, path: '/' },
    short: { signed: true, httpOnly: true, sameSite: 'lax', secure },
  };
}

function lifetimes(): Configuration['ttl'] {
  return {
    // A number here would overrule the resource server's own lifetime.
    AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? 3600,
    AuthorizationCode: 60,
    ClientCredentials: 600,
    Grant: 365 * DAY_SECONDS,
    IdToken: PASSPORT_TTL_SECONDS,
    Interaction: 3600,
    RefreshToken: 30 * DAY_SECONDS,
    Session: 14 * DAY_SECONDS,
  };
}

function requestsAttributes(ctx: KoaContextWithOIDC): boolean {
  const { scope, authorization_details: details } = ctx.oidc.params ?? {};
  return details !== undefined || requestedAttributes(scope as string | undefined).length > 0;
}

function resourceServer(cell: RegionCell, resource: string, client: SiteClient) {
  if (resource !== cell.resource) throw new errors.InvalidTarget();
  return {
    scope: client.attribute_scopes.join(' '),
    audience: cell.resource,
    // Opaque, so that it can be revoked (RFC 7009) and tells nothing to who finds it.
    accessTokenFormat: 'opaque' as const,
    accessTokenTTL: ACCESS_TOKEN_TTL_SECONDS,
  };
}
