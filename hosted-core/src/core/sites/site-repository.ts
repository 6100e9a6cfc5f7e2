import type { Database, Queryable } from '../../database/database.ts';
import type { PurposeText } from '../../wall/region-cell.ts';
import { publishedPurposes } from '../catalogue/purpose-repository.ts';
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
  status: 'enabled' | 'disabled';
}

/** All SQL about sites. */
export class SiteRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(tenantId: string, siteId: string): Promise<Site | undefined> {
    const rows = await this.#database.inTenant(tenantId, (tx) =>
      tx.query<SiteRow>('select * from core.sites where tenant_id = $1 and site_id = $2', [tenantId, siteId]),
    );
    return rows[0] && toSite(rows[0]);
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
         initiate_login_uri, secret_sha256, pkce_required, id_token_alg, attribute_scopes, status)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
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
      ],
    );
    return rows.length === 1;
  }

  /** The newest published version of each purpose. */
  listPurposes(tenantId: string, siteId: string): Promise<PurposeText[]> {
    return this.#database.inTenant(tenantId, (tx) => publishedPurposes(tx, { tenantId, siteId }));
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
    status: row.status,
  };
}
