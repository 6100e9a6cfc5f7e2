import { createHash } from 'node:crypto';
import type { Database } from '../../database/database.ts';

/**
 * The site that a client credentials token speaks for. One that was issued for a cell counts there and not
 * here (RFC 8707).
 */
export async function siteOfToken(
  database: Database,
  query: { tenantId: string; token: string; issuer: string },
): Promise<string | undefined> {
  const hash = createHash('sha256').update(query.token, 'utf8').digest();
  const [row] = await database.inTenant(query.tenantId, (tx) =>
    tx.query<{ site_id: string }>(
      `select a.site_id from core.oidc_artifacts a
       join core.sites s on s.tenant_id = a.tenant_id and s.site_id = a.site_id and s.status = 'enabled'
       where a.tenant_id = $1 and a.id_sha256 = $2 and a.kind = 'ClientCredentials' and a.expires_at > now()
         and coalesce(a.payload ->> 'aud', $3) = $3`,
      [query.tenantId, hash, query.issuer],
    ),
  );
  return row?.site_id;
}
