import type { Database, Queryable } from '../../database/database.ts';
import type { PurposeText } from '../../wall/region-cell.ts';
import { type PurposeRow, toPurpose } from '../catalogue/purpose-repository.ts';
import type { Site } from './site.ts';

interface SiteRow {
  tenant_id: string;
  site_id: string;
  name: string;
  origin: string;
  redirect_uris: string[];
  post_logout_redirect_uris: string[];
  initiate_login_uri: string | null;
  secret_sha256: Buffer;
  pkce_required: boolean;
  id_token_alg: 'ES256' | 'RS256';
  attribute_scopes: string[];
  preview_patterns: string[];
  status: 'enabled' | 'disabled';
}

export interface SiteWithPurposes {
  readonly site: Site;
  readonly purposes: readonly PurposeText[];
}

/** All SQL about sites. */
export class SiteRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A site with the newest published version of each of its purposes, in one round trip. */
  async find(tenantId: string, siteId: string): Promise<SiteWithPurposes | undefined> {
    const [row] = await this.#database.query<{
      site: Omit<SiteRow, 'secret_sha256'>;
      secret_sha256: Buffer;
      purposes: PurposeRow[];
    }>('select * from core.find_site($1, $2)', [tenantId, siteId]);
    if (!row) return undefined;
    const site = toSite({ ...row.site, secret_sha256: row.secret_sha256 });
    return { site, purposes: row.purposes.map(toPurpose) };
  }

  async list(tenantId: string): Promise<Site[]> {
    const rows = await this.#database.inTenant(tenantId, (tx) =>
      tx.query<SiteRow>('select * from core.sites where tenant_id = $1 order by created_at, site_id', [
        tenantId,
      ]),
    );
    return rows.map(toSite);
  }

  async insert(tx: Queryable, site: Site): Promise<boolean> {
    const rows = await tx.query(
      `insert into core.sites (tenant_id, site_id, name, origin, redirect_uris, post_logout_redirect_uris,
         initiate_login_uri, secret_sha256, pkce_required, id_token_alg, attribute_scopes, status, preview_patterns)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       on conflict do nothing returning site_id`,
      [
        site.tenantId,
        site.siteId,
        site.name,
        site.origin,
        site.redirectUris,
        site.postLogoutRedirectUris,
        site.initiateLoginUri ?? null,
        site.secretSha256,
        site.pkceRequired,
        site.idTokenAlg,
        site.attributeScopes,
        site.status,
        site.previewPatterns,
      ],
    );
    return rows.length === 1;
  }

  /** @returns whether there is such a site */
  async setPreviewPatterns(
    tx: Queryable,
    site: { tenantId: string; siteId: string; patterns: readonly string[] },
  ): Promise<boolean> {
    const rows = await tx.query(
      `update core.sites set preview_patterns = $3 where tenant_id = $1 and site_id = $2 returning site_id`,
      [site.tenantId, site.siteId, site.patterns],
    );
    return rows.length === 1;
  }
}

function toSite(row: SiteRow): Site {
  return {
    tenantId: row.tenant_id,
    siteId: row.site_id,
    name: row.name,
    origin: row.origin,
    redirectUris: row.redirect_uris,
    postLogoutRedirectUris: row.post_logout_redirect_uris,
    initiateLoginUri: row.initiate_login_uri ?? undefined,
    secretSha256: row.secret_sha256,
    pkceRequired: row.pkce_required,
    idTokenAlg: row.id_token_alg,
    attributeScopes: row.attribute_scopes,
    previewPatterns: row.preview_patterns,
    status: row.status,
  };
}
