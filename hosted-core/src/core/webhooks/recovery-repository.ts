import type { Queryable } from '../../database/database.ts';
import { WANTS } from './delivery-repository.ts';
import { LOGOUT_EVENTS } from './logout-token.ts';

/** Starts over every delivery of the endpoint that was given up, and begins those that were never made. */
export async function restartFailed(
  tx: Queryable,
  query: { tenantId: string; endpointId: string; since: Date },
): Promise<string[]> {
  const key = [query.tenantId, query.endpointId, query.since];
  const parked = await tx.query<{ delivery_id: string }>(
    `update core.webhook_deliveries d
     set state = 'pending', finished_at = null, attempts = 0, first_due_at = clock_timestamp(), next_attempt_at = clock_timestamp()
     from core.webhook_events e
     where d.tenant_id = $1 and d.endpoint_id = $2 and d.state = 'parked'
       and e.tenant_id = d.tenant_id and e.event_id = d.event_id and e.created_at >= $3
     returning d.delivery_id`,
    key,
  );
  // Events that came while it was disabled have no delivery here.
  const missed = await tx.query<{ delivery_id: string }>(
    `insert into core.webhook_deliveries (tenant_id, event_id, endpoint_id, user_ref)
     select $1, e.event_id, p.endpoint_id, e.user_ref
     from core.webhook_endpoints p
     join core.webhook_events e on e.tenant_id = p.tenant_id and e.site_id = p.site_id
     where p.tenant_id = $1 and p.endpoint_id = $2 and e.created_at >= greatest($3, p.created_at)
       and e.endpoint_id is null and e.type <> 'endpoint.disabled' and ${WANTS('e.type', '$4')}
     order by e.created_at
     on conflict (tenant_id, event_id, endpoint_id) do nothing returning delivery_id`,
    [...key, LOGOUT_EVENTS],
  );
  return [...parked, ...missed].map((row) => row.delivery_id);
}

export async function findEndpoint(
  tx: Queryable,
  query: { tenantId: string; endpointId: string },
): Promise<{ siteId: string; state: 'enabled' | 'paused' | 'disabled'; kind: string } | undefined> {
  const [row] = await tx.query<{ siteId: string; state: 'enabled'; kind: string }>(
    `select site_id as "siteId", state, kind from core.webhook_endpoints where tenant_id = $1 and endpoint_id = $2`,
    [query.tenantId, query.endpointId],
  );
  return row;
}

export interface DeliveryRow {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly type: string;
  readonly endpointId: string;
  readonly state: 'pending' | 'delivered' | 'parked';
  readonly createdAt: Date;
  readonly nextAttemptAt: Date | null;
  readonly confirmedAt: Date | null;
  readonly attempts: readonly {
    readonly started_at: string;
    readonly latency_ms: number;
    readonly status: number | null;
    readonly failure: string | null;
    readonly body_excerpt: string | null;
  }[];
}

/** Deliveries with every attempt, the latest first. */
export function listDeliveries(
  tx: Queryable,
  query: {
    tenantId: string;
    siteId?: string | undefined;
    endpointId?: string | undefined;
    state?: string | undefined;
    limit: number;
  },
): Promise<DeliveryRow[]> {
  return tx.query<DeliveryRow>(
    `select d.delivery_id as "deliveryId", d.event_id as "eventId", e.type, d.endpoint_id as "endpointId", d.state,
       e.created_at as "createdAt", case when d.state = 'pending' then d.next_attempt_at end as "nextAttemptAt",
       e.confirmed_at as "confirmedAt",
       coalesce((select json_agg(json_build_object('started_at', a.started_at, 'latency_ms', a.latency_ms,
           'status', a.status, 'failure', a.failure, 'body_excerpt', a.body_excerpt) order by a.attempt_id)
         from core.webhook_attempts a where a.tenant_id = d.tenant_id and a.delivery_id = d.delivery_id), '[]') as attempts
     from core.webhook_deliveries d
     join core.webhook_events e on e.tenant_id = d.tenant_id and e.event_id = d.event_id
     where d.tenant_id = $1 and ($2::text is null or e.site_id = $2) and ($3::uuid is null or d.endpoint_id = $3)
       and ($4::text is null or d.state = $4)
     order by d.sequence desc limit $5`,
    [query.tenantId, query.siteId ?? null, query.endpointId ?? null, query.state ?? null, query.limit],
  );
}

/** @returns how many events were forgotten; call again while it equals the limit */
export async function pruneEvents(
  tx: Queryable,
  query: { tenantId: string; before: Date; limit: number },
): Promise<number> {
  const [row] = await tx.query<{ pruned: number }>('select core.prune_webhook_events($1, $2, $3) as pruned', [
    query.tenantId,
    query.before,
    query.limit,
  ]);
  return row?.pruned ?? 0;
}
