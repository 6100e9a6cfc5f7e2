import type { Queryable } from '../../database/database.ts';
import type { SigningAlg } from '../oidc/signing-key-repository.ts';
import type { DeliveryId } from './delivery-job.ts';
import { LOGOUT_EVENTS } from './logout-token.ts';

/** Whether an endpoint takes events of a type; tests always arrive. */
export const WANTS = (type: string, logoutEvents: string) =>
  `case kind when 'events' then event_types is null or ${type} = any (event_types) or ${type} = 'endpoint.test'
     when 'backchannel_logout' then ${type} = any (${logoutEvents}::text[]) else false end`;

export interface NewEvent {
  readonly tenantId: string;
  readonly siteId: string;
  readonly eventId: string;
  readonly type: string;
  readonly userRef?: string | undefined;
  readonly body: Buffer;
  readonly occurredAt: Date;
  /** Set when the site is to confirm that it has purged: until when. */
  readonly confirmationDueAt?: Date | undefined;
  /** For this endpoint alone. */
  readonly endpointId?: string | undefined;
}

/**
 * Writes the event and one delivery for each endpoint of its site that wants it, also for paused ones, where
 * it waits; returns the deliveries.
 */
export async function insertEvent(tx: Queryable, event: NewEvent): Promise<string[]> {
  const rows = await tx.query<{ delivery_id: string }>(
    `with event as (
       insert into core.webhook_events
         (tenant_id, event_id, site_id, type, user_ref, body, occurred_at, confirmation_due_at, endpoint_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9))
     insert into core.webhook_deliveries (tenant_id, event_id, endpoint_id, user_ref, next_attempt_at)
     select $1, $2, endpoint_id, $5, greatest(now(), $7::timestamptz) from core.webhook_endpoints
     where tenant_id = $1 and site_id = $3 and state <> 'disabled' and ${WANTS('$4', '$10')}
       and ($9::uuid is null or endpoint_id = $9)
     returning delivery_id`,
    [
      event.tenantId,
      event.eventId,
      event.siteId,
      event.type,
      event.userRef ?? null,
      event.body,
      event.occurredAt,
      event.confirmationDueAt ?? null,
      event.endpointId ?? null,
      LOGOUT_EVENTS,
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
  readonly kind: 'events' | 'backchannel_logout';
  readonly url: string;
  /** How the site's passports are signed, and so its logout tokens. */
  readonly idTokenAlg: SigningAlg;
  /** The current secret first. */
  readonly sealedSecrets: readonly Buffer[];
  /** For `v1a`; the current key first. */
  readonly sealedSigningKeys: readonly Buffer[];
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
  kind: DeliveryMaterial['kind'];
  url: string;
  id_token_alg: SigningAlg;
  sealed_secret: Buffer;
  previous_sealed_secret: Buffer | null;
  sealed_signing_key: Buffer | null;
  previous_sealed_signing_key: Buffer | null;
  attempts: number;
  elapsed_ms: number;
}

export async function readMaterial(tx: Queryable, id: DeliveryId): Promise<DeliveryMaterial> {
  const [row] = await tx.query<MaterialRow>(
    `select e.event_id, e.type, e.site_id, e.body, p.endpoint_id, p.kind, p.url, s.id_token_alg, d.attempts,
       p.sealed_secret, p.sealed_signing_key,
       case when p.previous_valid_until > now() then p.previous_sealed_secret end as previous_sealed_secret,
       case when p.previous_valid_until > now() then p.previous_sealed_signing_key end as previous_sealed_signing_key,
       (extract(epoch from clock_timestamp() - d.first_due_at) * 1000)::float8 as elapsed_ms
     from core.webhook_deliveries d
     join core.webhook_events e on e.tenant_id = d.tenant_id and e.event_id = d.event_id
     join core.webhook_endpoints p on p.tenant_id = d.tenant_id and p.endpoint_id = d.endpoint_id
     join core.sites s on s.tenant_id = e.tenant_id and s.site_id = e.site_id
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
    kind: row.kind,
    url: row.url,
    idTokenAlg: row.id_token_alg,
    sealedSecrets: [row.sealed_secret, row.previous_sealed_secret].filter((secret) => secret !== null),
    sealedSigningKeys: [row.sealed_signing_key, row.previous_sealed_signing_key].filter(
      (key) => key !== null,
    ),
    attempt: row.attempts,
    elapsedMs: row.elapsed_ms,
  };
}

export interface AttemptRow {
  readonly startedAt: Date;
  readonly latencyMs: number;
  readonly status: number | null;
  readonly failure: string | null;
  /** The beginning of the answer, redacted. */
  readonly excerpt: string | null;
}

/** Writes nothing for a delivery that an erasure took away while it was being sent. */
export async function insertAttempt(tx: Queryable, id: DeliveryId, attempt: AttemptRow): Promise<void> {
  await tx.query(
    `insert into core.webhook_attempts
       (tenant_id, delivery_id, started_at, latency_ms, status, failure, body_excerpt)
     select d.tenant_id, d.delivery_id, $3::timestamptz, $4::int, $5::int, $6::text, $7::text from core.webhook_deliveries d
     where d.tenant_id = $1 and d.delivery_id = $2 for key share`,
    [
      id.tenantId,
      id.deliveryId,
      attempt.startedAt,
      attempt.latencyMs,
      attempt.status,
      attempt.failure,
      attempt.excerpt,
    ],
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

/**
 * Deliveries to look at now that this one has ended or waits: the next one of the same person, and the
 * next two of the endpoint, whose lane is free.
 */
export async function findFollowers(tx: Queryable, id: DeliveryId): Promise<string[]> {
  const rows = await tx.query<{ delivery_id: string }>(
    `with done as (
       select endpoint_id, user_ref, sequence from core.webhook_deliveries
       where tenant_id = $1 and delivery_id = $2
     ), waiting as (
       select next.delivery_id, next.user_ref = done.user_ref and next.sequence > done.sequence as same_person,
         next.sequence
       from done join core.webhook_deliveries next
         on next.tenant_id = $1 and next.endpoint_id = done.endpoint_id and next.delivery_id <> $2
       where next.state = 'pending' and next.lease_id is null and next.next_attempt_at <= clock_timestamp()
       order by next.sequence limit 100
     )
     (select delivery_id from waiting where same_person order by sequence limit 1)
     union
     (select delivery_id from waiting order by sequence limit 2)`,
    [id.tenantId, id.deliveryId],
  );
  return rows.map((row) => row.delivery_id);
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
