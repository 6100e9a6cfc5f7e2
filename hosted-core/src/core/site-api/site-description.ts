import { ATTRIBUTE_CATALOGUE } from '../../contract/generated.ts';
import type { Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { AttributeEntry } from '../../wall/catalogue.ts';
import type { PurposeText } from '../../wall/region-cell.ts';
import { AttributeRepository } from '../catalogue/attribute-repository.ts';
import { SEALED_SCOPE, type Site } from '../sites/site.ts';
import type { SiteRepository } from '../sites/site-repository.ts';
import type { TenantMode } from '../tenants/tenant-repository.ts';
import { listEndpointRows } from '../webhooks/endpoint-repository.ts';
import type { SiteAuthentication } from './authenticate-site.ts';

export interface OwnSiteOptions extends SiteAuthentication {
  readonly mode: TenantMode;
  readonly repository: Pick<SiteRepository, 'find'>;
}

/**
 * What is registered for a site, as the site itself may see it: for `userref types` and `userref doctor`.
 * @throws UserrefError `not_found`
 */
export async function describeSite(options: OwnSiteOptions, siteId: string) {
  const { database, tenantId } = options;
  // Past the cache: who has just been registered for more wants to see it.
  const found = await options.repository.find(tenantId, siteId);
  if (!found) throw new UserrefError('not_found');
  const own = await new AttributeRepository(database, tenantId).published();
  const endpoints = await database.inTenant(tenantId, (tx) => endpointsOf(tx, { tenantId, siteId }));
  return {
    ...registrationOf(found.site),
    mode: options.mode,
    attributes: attributesOf(found.site, own),
    purposes: found.purposes.map(purposeOf),
    webhook_endpoints: endpoints,
  };
}

function registrationOf(site: Site) {
  return {
    site: site.siteId,
    name: site.name,
    origin: site.origin,
    redirect_uris: site.redirectUris,
    post_logout_redirect_uris: site.postLogoutRedirectUris,
    preview_patterns: site.previewPatterns,
    initiate_login_uri: site.initiateLoginUri ?? null,
    passport_alg: site.idTokenAlg,
    sealed: site.attributeScopes.includes(SEALED_SCOPE),
  };
}

function attributesOf({ attributeScopes }: Site, own: readonly AttributeEntry[]) {
  const standard: readonly AttributeEntry[] = ATTRIBUTE_CATALOGUE;
  const known = new Map([...standard, ...own].map((entry) => [entry.name, entry]));
  return attributeScopes.flatMap((name) => {
    const entry = known.get(name);
    if (!entry) return [];
    const { schema_version, predicate, schema, labels } = entry;
    return [{ name, schema_version, predicate, schema, label: labels.en ?? name }];
  });
}

function purposeOf({ purposeId, version, maxDurationDays, texts }: PurposeText) {
  return {
    purpose: purposeId,
    version,
    max_duration_days: maxDurationDays,
    title: texts.en?.title ?? purposeId,
    languages: Object.keys(texts).sort(),
  };
}

async function endpointsOf(tx: Queryable, query: { tenantId: string; siteId: string }) {
  const rows = await listEndpointRows(tx, query);
  return rows.map((row) => ({
    endpoint_id: row.endpointId,
    kind: row.kind,
    url: row.url,
    event_types: row.eventTypes,
    public_key: row.publicKey,
    state: row.state,
    failing_since: row.failingSince?.toISOString() ?? null,
    pending: row.pending,
    parked: row.parked,
  }));
}
