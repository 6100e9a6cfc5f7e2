import { appendAudit } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { randomBase32 } from '../../ids/random-ids.ts';
import type { PurposeText } from '../../wall/region-cell.ts';
import { AttributeRepository } from '../catalogue/attribute-repository.ts';
import { checkAttributeNames } from '../catalogue/manage-attributes.ts';
import { insertPurpose } from '../catalogue/purpose-repository.ts';
import { checkedPurpose } from '../catalogue/purpose-rules.ts';
import { checkPreviews } from './preview-registration.ts';
import { checkRedirectUri } from './redirect-uri-rules.ts';
import { hashSiteSecret, newSiteSecret, SEALED_SCOPE, type Site } from './site.ts';
import type { SiteRepository } from './site-repository.ts';

export interface SiteRegistration {
  readonly tenantId: string;
  /** Default: random. 3–63 characters of `a–z 0–9 -`. */
  readonly siteId?: string | undefined;
  /** Default: the host of the first redirect URI. */
  readonly name?: string | undefined;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[] | undefined;
  readonly initiateLoginUri?: string | undefined;
  /** Default `true`. Sites exempted from PKCE are open to code injection; say why in your records. */
  readonly pkceRequired?: boolean | undefined;
  readonly idTokenAlg?: 'ES256' | 'RS256' | undefined;
  readonly attributeScopes?: readonly string[] | undefined;
  readonly purposes?: readonly PurposeText[] | undefined;
  /** In a tenant in test mode only, see `setPreviewPatterns`. */
  readonly previewPatterns?: readonly string[] | undefined;
}

export interface RegisteredSite {
  readonly site: Site;
  /** Shown this once; only its hash is kept. */
  readonly secret: string;
}

/**
 * Registers a site with its purposes.
 * @throws UserrefError `invalid_request`, `unknown_attribute`, or `conflict` when the id is taken
 */
export async function registerSite(
  dependencies: { database: Database; sites: SiteRepository },
  registration: SiteRegistration,
): Promise<RegisteredSite> {
  const secret = newSiteSecret();
  const site = toSite(registration, secret);
  const attributes = new AttributeRepository(dependencies.database, site.tenantId);
  await checkAttributeNames(
    attributes,
    site.attributeScopes.filter((scope) => scope !== SEALED_SCOPE),
  );
  await dependencies.database.inTenant(site.tenantId, async (tx) => {
    await checkPreviews(tx, { tenantId: site.tenantId, patterns: site.previewPatterns });
    if (!(await dependencies.sites.insert(tx, site))) {
      throw new UserrefError('conflict', { detail: `A site with the id ${site.siteId} exists already.` });
    }
    for (const purpose of registration.purposes ?? []) {
      await insertPurpose(tx, {
        tenantId: site.tenantId,
        siteId: site.siteId,
        purpose: checkedPurpose(purpose),
        publishedAt: new Date(),
      });
    }
    await appendAudit(tx, 'core', [
      { tenantId: site.tenantId, action: 'site.registered', siteId: site.siteId },
    ]);
  });
  return { site, secret };
}

function toSite(registration: SiteRegistration, secret: string): Site {
  const [first] = registration.redirectUris;
  if (!first)
    throw new UserrefError('invalid_request', { detail: 'A site needs at least one redirect URI.' });
  const uris = [...registration.redirectUris, ...(registration.postLogoutRedirectUris ?? [])];
  for (const uri of uris) checkRedirectUri(uri);
  if (registration.initiateLoginUri) checkRedirectUri(registration.initiateLoginUri);
  return {
    tenantId: registration.tenantId,
    siteId: checkedSiteId(registration.siteId ?? `site-${randomBase32(12)}`),
    name: registration.name ?? new URL(first).host,
    origin: new URL(first).origin,
    redirectUris: registration.redirectUris,
    postLogoutRedirectUris: registration.postLogoutRedirectUris ?? [],
    initiateLoginUri: registration.initiateLoginUri,
    secretSha256: hashSiteSecret(secret),
    pkceRequired: registration.pkceRequired ?? true,
    idTokenAlg: registration.idTokenAlg ?? 'ES256',
    attributeScopes: registration.attributeScopes ?? [],
    previewPatterns: registration.previewPatterns ?? [],
    status: 'enabled',
  };
}

function checkedSiteId(siteId: string): string {
  if (/^[a-z0-9][a-z0-9-]{2,62}$/.test(siteId) && !siteId.startsWith('ppid')) return siteId;
  throw new UserrefError('invalid_request', {
    detail: 'A site id has 3 to 63 characters of a–z, 0–9 and hyphen.',
  });
}
