import type { Queryable } from '../../database/database.ts';

export interface EndpointRow {
  readonly endpointId: string;
  readonly siteId: string;
  readonly url: string;
  readonly state: 'enabled' | 'disabled';
  readonly disabledReason: 'gone' | 'by_operator' | null;
}

interface EndpointKey {
  readonly tenantId: string;
  readonly endpointId: string;
}

export async function insertEndpoint(
  tx: Queryable,
  row: EndpointKey & { siteId: string; url: string; sealedSecret: Buffer },
): Promise<void> {
  await tx.query(
    `insert into core.webhook_endpoints (tenant_id, endpoint_id, site_id, url, sealed_secret)
     values ($1, $2, $3, $4, $5)`,
    [row.tenantId, row.endpointId, row.siteId, row.url, row.sealedSecret],
  );
}

export async function listEndpointRows(
  tx: Queryable,
  query: { tenantId: string; siteId: string },
): Promise<EndpointRow[]> {
  return tx.query<EndpointRow>(
    `select endpoint_id as "endpointId", site_id as "siteId", url, state, disabled_reason as "disabledReason"
     from core.webhook_endpoints where tenant_id = $1 and site_id = $2 order by created_at, endpoint_id`,
    [query.tenantId, query.siteId],
  );
}

/** The secret in use becomes the previous one; returns the site, or nothing for an unknown endpoint. */
export async function replaceSecret(
  tx: Queryable,
  row: EndpointKey & { sealedSecret: Buffer; overlapSeconds: number },
): Promise<string | undefined> {
  const [updated] = await tx.query<{ site_id: string }>(
    `update core.webhook_endpoints
     set previous_sealed_secret = sealed_secret, previous_valid_until = now() + $4 * interval '1 second',
       sealed_secret = $3
     where tenant_id = $1 and endpoint_id = $2 returning site_id`,
    [row.tenantId, row.endpointId, row.sealedSecret, row.overlapSeconds],
  );
  return updated?.site_id;
}

/** False when it was not enabled. */
export async function disableEndpoint(
  tx: Queryable,
  row: EndpointKey & { reason: 'gone' | 'by_operator' },
): Promise<boolean> {
  const rows = await tx.query(
    `update core.webhook_endpoints set state = 'disabled', disabled_reason = $3
     where tenant_id = $1 and endpoint_id = $2 and state = 'enabled' returning endpoint_id`,
    [row.tenantId, row.endpointId, row.reason],
  );
  return rows.length > 0;
}
