import type { Queryable } from '../../database/database.ts';
import type { DeliveryId } from './delivery-job.ts';

export interface NewEvent {
  readonly tenantId: string;
  readonly siteId: string;
  readonly eventId: string;
  readonly type: string;
  readonly userRef?: string | undefined;
  readonly body: Buffer;
  readonly occurredAt: Date;
}

/** Writes the event and one delivery for each enabled endpoint of its site; returns the deliveries. */
export async function insertEvent(tx: Queryable, event: NewEvent): Promise<string[]> {
  const rows = await tx.query<{ delivery_id: string }>(
    `with event as (
       insert into core.webhook_events (tenant_id, event_id, site_id, type, user_ref, body, occurred_at)
       values ($1, $2, $3, $4, $5, $6, $7))
     insert into core.webhook_deliveries (tenant_id, event_id, endpoint_id, user_ref)
     select $1, $2, endpoint_id, $5 from core.webhook_endpoints
     where tenant_id = $1 and site_id = $3 and state = 'enabled'
     returning delivery_id`,
    [
      event.tenantId,
      event.eventId,
      event.siteId,
      event.type,
      event.userRef ?? null,
      event.body,
      event.occurredAt,
    ],
  );
  return rows.map((row) => row.delivery_id);
}

/** `leased`: send now. `wait`: look again at that time. `done`: nothing left to do. */
export type Claim =
  | { readonly kind: 'leased'; readonly leaseId: string }
  | { readonly kind: 'wait'; readonly retryAt: Date }
  | { readonly kind: 'done' };

/** Takes the delivery for one attempt; two workers never hold it at once. */
export async function claimDelivery(
  tx: Queryable,
  id: DeliveryId,
  options: { leaseMs: number },
): Promise<Claim> {
  const [row] = await tx.query<{ lease_id: string | null; retry_at: Date | null }>(
    `select lease_id, retry_at from core.claim_webhook_delivery($1, $2, $3 * interval '1 millisecond')`,
    [id.tenantId, id.deliveryId, options.leaseMs],
  );
  if (row?.lease_id) return { kind: 'leased', leaseId: row.lease_id };
  if (row?.retry_at) return { kind: 'wait', retryAt: row.retry_at };
  return { kind: 'done' };
}

/** What an attempt needs to send, and what it needs to plan the next one. */
export interface DeliveryMaterial {
  readonly eventId: string;
  readonly type: string;
  readonly siteId: string;
  readonly body: Buffer;
  readonly endpointId: string;
  readonly url: string;
  /** The current secret first. */
  readonly sealedSecrets: readonly Buffer[];
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** Since the first attempt was due, by the database's clock. */
  readonly elapsedMs: number;
}

interface MaterialRow {
  event_id: string;
  type: string;
  site_id: string;
  body: Buffer;
  endpoint_id: string;
  url: string;
  sealed_secret: Buffer;
  previous_sealed_secret: Buffer | null;
  attempts: number;
  elapsed_ms: number;
}

export async function readMaterial(tx: Queryable, id: DeliveryId): Promise<DeliveryMaterial> {
  const [row] = await tx.query<MaterialRow>(
    `select e.event_id, e.type, e.site_id, e.body, p.endpoint_id, p.url, p.sealed_secret, d.attempts,
       case when p.previous_valid_until > now() then p.previous_sealed_secret end as previous_sealed_secret,
       (extract(epoch from clock_timestamp() - d.first_due_at) * 1000)::float8 as elapsed_ms
     from core.webhook_deliveries d
     join core.webhook_events e using (tenant_id, event_id)
     join core.webhook_endpoints p using (tenant_id, endpoint_id)
     where d.tenant_id = $1 and d.delivery_id = $2`,
    [id.tenantId, id.deliveryId],
  );
  if (!row) throw new Error('a claimed delivery has no event');
  return {
    eventId: row.event_id,
    type: row.type,
    siteId: row.site_id,
    body: row.body,
    endpointId: row.endpoint_id,
    url: row.url,
    sealedSecrets: [row.sealed_secret, row.previous_sealed_secret].filter((secret) => secret !== null),
    attempt: row.attempts,
    elapsedMs: row.elapsed_ms,
  };
}

export interface AttemptRow {
  readonly startedAt: Date;
  readonly latencyMs: number;
  readonly status: number | null;
  readonly failure: string | null;
}

/** Writes nothing for a delivery that an erasure took away while it was being sent. */
export async function insertAttempt(tx: Queryable, id: DeliveryId, attempt: AttemptRow): Promise<void> {
  await tx.query(
    `insert into core.webhook_attempts (tenant_id, delivery_id, started_at, latency_ms, status, failure)
     select d.tenant_id, d.delivery_id, $3::timestamptz, $4::int, $5::int, $6::text from core.webhook_deliveries d
     where d.tenant_id = $1 and d.delivery_id = $2 for key share`,
    [id.tenantId, id.deliveryId, attempt.startedAt, attempt.latencyMs, attempt.status, attempt.failure],
  );
}

/** Ends the delivery. False when the lease was lost: another worker decides now. */
export async function finishDelivery(
  tx: Queryable,
  id: DeliveryId,
  options: { leaseId: string; state: 'delivered' | 'parked' },
): Promise<boolean> {
  const rows = await tx.query(
    `update core.webhook_deliveries
     set state = $4, finished_at = clock_timestamp(), lease_id = null, lease_expires_at = null
     where tenant_id = $1 and delivery_id = $2 and lease_id = $3 and state = 'pending'
     returning delivery_id`,
    [id.tenantId, id.deliveryId, options.leaseId, options.state],
  );
  return rows.length > 0;
}

/** Gives the lease back until the next attempt; returns its time, or nothing when the lease was lost. */
export async function postponeDelivery(
  tx: Queryable,
  id: DeliveryId,
  options: { leaseId: string; inMs: number },
): Promise<Date | undefined> {
  const [row] = await tx.query<{ next_attempt_at: Date }>(
    `update core.webhook_deliveries
     set next_attempt_at = clock_timestamp() + $4 * interval '1 millisecond', lease_id = null, lease_expires_at = null
     where tenant_id = $1 and delivery_id = $2 and lease_id = $3 and state = 'pending'
     returning next_attempt_at`,
    [id.tenantId, id.deliveryId, options.leaseId, options.inMs],
  );
  return row?.next_attempt_at;
}

/** The next delivery of the same person at the same endpoint that is due, if one waits. */
export async function findFollower(tx: Queryable, id: DeliveryId): Promise<string | undefined> {
  const [row] = await tx.query<{ delivery_id: string }>(
    `select next.delivery_id
     from core.webhook_deliveries done
     join core.webhook_deliveries next
       on next.tenant_id = done.tenant_id and next.endpoint_id = done.endpoint_id
       and next.user_ref = done.user_ref and next.sequence > done.sequence
     where done.tenant_id = $1 and done.delivery_id = $2
       and next.state = 'pending' and next.lease_id is null and next.next_attempt_at <= clock_timestamp()
     order by next.sequence limit 1`,
    [id.tenantId, id.deliveryId],
  );
  return row?.delivery_id;
}

/** Starts a delivery over, whatever became of it; returns its event and site. */
export async function restartDelivery(
  tx: Queryable,
  id: DeliveryId,
): Promise<{ eventId: string; siteId: string; endpointState: string } | undefined> {
  const [row] = await tx.query<{ event_id: string; site_id: string; state: string }>(
    `update core.webhook_deliveries d
     set state = 'pending', finished_at = null, attempts = 0, lease_id = null, lease_expires_at = null,
       first_due_at = clock_timestamp(), next_attempt_at = clock_timestamp()
     from core.webhook_endpoints p
     where d.tenant_id = $1 and d.delivery_id = $2
       and p.tenant_id = d.tenant_id and p.endpoint_id = d.endpoint_id
     returning d.event_id, p.site_id, p.state`,
    [id.tenantId, id.deliveryId],
  );
  return row && { eventId: row.event_id, siteId: row.site_id, endpointState: row.state };
}
