import type { Queryable } from '../../database/database.ts';
import type { EndpointKey } from './endpoint-keys.ts';

export type EndpointKind = 'events' | 'backchannel_logout' | 'poll';

export interface EndpointRow {
  readonly endpointId: string;
  readonly siteId: string;
  readonly kind: EndpointKind;
  /** `null` for a site that asks for its events. */
  readonly url: string | null;
  /** `null` for all. */
  readonly eventTypes: readonly string[] | null;
  /** `whpk_…`, for `v1a` signatures. */
  readonly publicKey: string | null;
  readonly state: 'enabled' | 'paused' | 'disabled';
  readonly disabledReason: 'gone' | 'by_operator' | 'failing' | null;
  readonly failingSince: Date | null;
  readonly pending: number;
  readonly parked: number;
}

interface EndpointId {
  readonly tenantId: string;
  readonly endpointId: string;
}

export async function insertEndpoint(
  tx: Queryable,
  row: EndpointId & {
    siteId: string;
    kind: EndpointKind;
    url: string | null;
    eventTypes: readonly string[] | null;
    sealedSecret: Buffer;
    key: EndpointKey;
  },
): Promise<void> {
  await tx.query(
    `insert into core.webhook_endpoints
       (tenant_id, endpoint_id, site_id, kind, url, event_types, sealed_secret, sealed_signing_key, public_key)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      row.tenantId,
      row.endpointId,
      row.siteId,
      row.kind,
      row.url,
      row.eventTypes,
      row.sealedSecret,
      row.key.sealed,
      row.key.publicKey,
    ],
  );
}

/** Of one site, or of all. */
export async function listEndpointRows(
  tx: Queryable,
  query: { tenantId: string; siteId?: string | undefined },
): Promise<EndpointRow[]> {
  return tx.query<EndpointRow>(
    `select p.endpoint_id as "endpointId", p.site_id as "siteId", p.kind, p.url, p.event_types as "eventTypes",
       p.public_key as "publicKey", p.state, p.disabled_reason as "disabledReason",
       p.failing_since as "failingSince",
       count(d.delivery_id) filter (where d.state = 'pending')::int as pending,
       count(d.delivery_id) filter (where d.state = 'parked')::int as parked
     from core.webhook_endpoints p
     left join core.webhook_deliveries d on d.tenant_id = p.tenant_id and d.endpoint_id = p.endpoint_id
     where p.tenant_id = $1 and ($2::text is null or p.site_id = $2)
     group by p.tenant_id, p.endpoint_id order by p.site_id, p.created_at, p.endpoint_id`,
    [query.tenantId, query.siteId ?? null],
  );
}

/** Secret and key in use become the previous ones; returns the site, or nothing for an unknown endpoint. */
export async function replaceSecret(
  tx: Queryable,
  row: EndpointId & { sealedSecret: Buffer; key: EndpointKey; overlapSeconds: number },
): Promise<string | undefined> {
  const [updated] = await tx.query<{ site_id: string }>(
    `update core.webhook_endpoints
     set previous_sealed_secret = sealed_secret, previous_sealed_signing_key = sealed_signing_key,
       previous_valid_until = now() + $4 * interval '1 second',
       sealed_secret = $3, sealed_signing_key = $5, public_key = $6
     where tenant_id = $1 and endpoint_id = $2 returning site_id`,
    [row.tenantId, row.endpointId, row.sealedSecret, row.overlapSeconds, row.key.sealed, row.key.publicKey],
  );
  return updated?.site_id;
}

/** False when it was disabled before. */
export async function disableEndpoint(
  tx: Queryable,
  row: EndpointId & { reason: 'gone' | 'by_operator' | 'failing' },
): Promise<boolean> {
  const rows = await tx.query(
    `update core.webhook_endpoints set state = 'disabled', disabled_reason = $3
     where tenant_id = $1 and endpoint_id = $2 and state <> 'disabled' returning endpoint_id`,
    [row.tenantId, row.endpointId, row.reason],
  );
  return rows.length > 0;
}

/** The site of the endpoint; nothing for an unknown endpoint. */
export async function pauseEndpoint(tx: Queryable, id: EndpointId): Promise<string | undefined> {
  const [row] = await tx.query<{ site_id: string }>(
    `update core.webhook_endpoints set state = 'paused', disabled_reason = null
     where tenant_id = $1 and endpoint_id = $2 returning site_id`,
    [id.tenantId, id.endpointId],
  );
  return row?.site_id;
}

/** Begins anew: enabled, healthy, and everything that waits has its full time again. */
export async function resumeEndpoint(
  tx: Queryable,
  id: EndpointId,
): Promise<{ siteId: string; deliveryIds: string[] } | undefined> {
  const waiting = await tx.query<{ delivery_id: string }>(
    `update core.webhook_deliveries
     set first_due_at = clock_timestamp(), next_attempt_at = clock_timestamp(), attempts = 0
     where tenant_id = $1 and endpoint_id = $2 and state = 'pending' and lease_id is null returning delivery_id`,
    [id.tenantId, id.endpointId],
  );
  const [row] = await tx.query<{ site_id: string }>(
    `update core.webhook_endpoints
     set state = 'enabled', disabled_reason = null, failing_since = null, lanes = 1, slow = false
     where tenant_id = $1 and endpoint_id = $2 returning site_id`,
    [id.tenantId, id.endpointId],
  );
  return row && { siteId: row.site_id, deliveryIds: waiting.map((one) => one.delivery_id) };
}

/** Until the transaction ends nobody claims a delivery there. */
export async function holdEndpoint(tx: Queryable, id: EndpointId): Promise<void> {
  await tx.query(
    'select 1 from core.webhook_endpoints where tenant_id = $1 and endpoint_id = $2 for no key update',
    [id.tenantId, id.endpointId],
  );
}

export async function noteSuccess(tx: Queryable, row: EndpointId & { isSlow: boolean }): Promise<void> {
  await tx.query(
    `update core.webhook_endpoints set failing_since = null, slow = $3, lanes = case when $3 then 1 else least(lanes + 1, 4) end
     where tenant_id = $1 and endpoint_id = $2 and (failing_since is not null or slow <> $3 or (lanes < 4 and not $3))`,
    [row.tenantId, row.endpointId, row.isSlow],
  );
}

/** @returns for how long it has failed, in milliseconds */
export async function noteFailure(tx: Queryable, row: EndpointId & { isSlow: boolean }): Promise<number> {
  const [noted] = await tx.query<{ failing_ms: number }>(
    `update core.webhook_endpoints
     set failing_since = coalesce(failing_since, clock_timestamp()), lanes = 1, slow = $3
     where tenant_id = $1 and endpoint_id = $2
     returning (extract(epoch from clock_timestamp() - failing_since) * 1000)::float8 as failing_ms`,
    [row.tenantId, row.endpointId, row.isSlow],
  );
  return noted?.failing_ms ?? 0;
}

/** What signs acknowledgements of a site: the secrets of its endpoints, with the endpoint that each is sealed for. */
export async function secretsOfSite(
  tx: Queryable,
  query: { tenantId: string; siteId: string },
): Promise<{ endpointId: string; sealed: Buffer }[]> {
  return tx.query<{ endpointId: string; sealed: Buffer }>(
    `select endpoint_id as "endpointId", unnest(array[sealed_secret,
       case when previous_valid_until > now() then previous_sealed_secret end]) as sealed
     from core.webhook_endpoints where tenant_id = $1 and site_id = $2 and kind <> 'backchannel_logout'`,
    [query.tenantId, query.siteId],
  );
}
