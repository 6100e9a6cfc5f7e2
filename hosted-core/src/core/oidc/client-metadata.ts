import { SEALED_SCOPE, type Site } from '../sites/site.ts';
import { PII_ACCESS } from './pii-access.ts';

/** Members of a site that the engine carries along for us. */
export const SITE_MEMBERS = [
  'site_name',
  'site_origin',
  'secret_sha256',
  'attribute_scopes',
  'pkce_required',
  'preview_patterns',
] as const;

/** A site as OpenID client metadata (OpenID Connect Dynamic Client Registration §2). */
export function clientMetadata(site: Site): Record<string, unknown> {
  return {
    client_id: site.siteId,
    client_name: site.name,
    // Compared by our own hash check; the engine only asks that there is one.
    client_secret: 'stored-as-sha256-only',
    token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: site.redirectUris,
    post_logout_redirect_uris: site.postLogoutRedirectUris,
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    subject_type: 'pairwise',
    // The sector is the site itself, whatever hosts it uses, so a move to another domain keeps every user_ref.
    ...(severalHosts(site.redirectUris) && {
      sector_identifier_uri: `https://sector.invalid/${site.siteId}`,
    }),
    id_token_signed_response_alg: site.idTokenAlg,
    authorization_details_types: [PII_ACCESS],
    site_name: site.name,
    site_origin: site.origin,
    secret_sha256: site.secretSha256.toString('hex'),
    attribute_scopes: site.attributeScopes.filter((scope) => scope !== SEALED_SCOPE),
    pkce_required: site.pkceRequired,
    preview_patterns: site.previewPatterns,
  };
}

function severalHosts(uris: readonly string[]): boolean {
  return new Set(uris.map((uri) => new URL(uri).host)).size > 1;
}
