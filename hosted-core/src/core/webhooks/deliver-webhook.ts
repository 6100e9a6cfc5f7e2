import { setTimeout as sleep } from 'node:timers/promises';
import { appendAudit } from '../../audit/audit-log.ts';
import type { Database, Queryable } from '../../database/database.ts';
import type { JobTask } from '../../jobs/job-queue.ts';
import { describeError, type Logger } from '../../observability/logger.ts';
import type { OutboundFetch } from '../../outbound/outbound-fetch.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';
import { type AttemptOutcome, attemptDelivery } from './attempt-delivery.ts';
import { composeRequest } from './compose-request.ts';
import { confirmByResponse } from './confirm-purge.ts';
import { type DeliveryId, readDeliveryJob, scheduleDelivery } from './delivery-job.ts';
import {
  claimDelivery,
  type DeliveryMaterial,
  findFollowers,
  finishDelivery,
  insertAttempt,
  postponeDelivery,
  readMaterial,
} from './delivery-repository.ts';
import { noteOutcome } from './endpoint-health.ts';
import type { LogoutTokens } from './logout-token.ts';
import { DEFAULT_SCHEDULE, nextAttemptInMs, type RetrySchedule } from './retry-schedule.ts';

export interface DeliverWebhookOptions {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly logoutTokens: LogoutTokens;
  /** Its `timeoutMs` is how long a receiver may take; 15 s is usual. */
  readonly fetch: OutboundFetch;
  readonly logger: Logger;
  /** How long a worker may hold a delivery, in ms; longer than the fetch may take. Default 20,000. */
  readonly leaseMs?: number;
  /**
   * Longest random wait in ms before the first attempt, so that the events of one person do not reach several
   * sites in the same instant. Default 250.
   */
  readonly maxJitterMs?: number;
  readonly schedule?: RetrySchedule;
  readonly now?: () => Date;
}

/**
 * The worker's task `deliver-webhook`: one attempt, then success, another job for the next attempt, or the
 * end. At least once: a worker that dies while it sends leaves a lease that expires, and the next worker
 * sends again under the same `webhook-id`.
 */
export function createDeliverWebhook(options: DeliverWebhookOptions): JobTask {
  const { database, leaseMs = 20_000, maxJitterMs = 250 } = options;
  return async (payload) => {
    const { spread, ...id } = readDeliveryJob(payload);
    if (spread) await sleep(Math.random() * maxJitterMs);
    const lease = await database.inTenant(id.tenantId, (tx) => takeLease(tx, id, leaseMs));
    if (lease === undefined) return;
    const outcome = await send(lease.material, options);
    await database.inTenant(id.tenantId, (tx) =>
      settle(tx, { id, ...lease, outcome, schedule: options.schedule }),
    );
  };
}

async function takeLease(tx: Queryable, id: DeliveryId, leaseMs: number) {
  const claim = await claimDelivery(tx, id, { leaseMs });
  if (claim.kind === 'wait') await scheduleDelivery(tx, id, { runAt: claim.retryAt });
  if (claim.kind !== 'leased') return undefined;
  return { leaseId: claim.leaseId, material: await readMaterial(tx, id) };
}

/** A fault of our own, such as a secret that does not open, counts as a failed attempt: it must not loop. */
async function send(material: DeliveryMaterial, options: DeliverWebhookOptions): Promise<AttemptOutcome> {
  const { fetch, logger, now = () => new Date() } = options;
  const startedAt = now();
  try {
    return await attemptDelivery(await composeRequest(material, startedAt, options), { fetch, startedAt });
  } catch (error) {
    logger.error({ err: describeError(error) }, 'webhook could not be sent for a fault of our own');
    return {
      kind: 'failed',
      startedAt,
      latencyMs: 0,
      status: null,
      failure: 'internal_error',
      excerpt: null,
      retryAfterMs: undefined,
    };
  }
}

interface Attempted {
  readonly id: DeliveryId;
  readonly leaseId: string;
  readonly material: DeliveryMaterial;
  readonly outcome: AttemptOutcome;
  readonly schedule: RetrySchedule | undefined;
}

/**
 * All that follows from an attempt, in one transaction. First the delivery, then the endpoint, as those who
 * claim do, and only then the next ones are woken: whoever found no free lane before has gone to sleep by
 * then, and whoever looks later finds it free.
 */
async function settle(tx: Queryable, attempted: Attempted): Promise<void> {
  const { id, outcome, material } = attempted;
  const settled = await decide(tx, attempted);
  await insertAttempt(tx, id, outcome);
  if (!settled) return;
  const { tenantId } = id;
  if (outcome.kind === 'delivered' && outcome.isPurged) await confirmByResponse(tx, tenantId, material);
  const { siteId, endpointId } = material;
  await noteOutcome(tx, { tenantId, siteId, endpointId }, outcome);
  for (const deliveryId of await findFollowers(tx, id)) await scheduleDelivery(tx, { tenantId, deliveryId });
}

/** False when the lease was lost to another worker, which then decides. */
async function decide(tx: Queryable, attempted: Attempted): Promise<boolean> {
  const { outcome } = attempted;
  if (outcome.kind === 'delivered') return finish(tx, attempted, 'delivered');
  if (outcome.kind === 'gone') return finish(tx, attempted, 'parked');
  const inMs = nextAttemptInMs(
    { ...attempted.material, retryAfterMs: outcome.retryAfterMs },
    attempted.schedule ?? DEFAULT_SCHEDULE,
  );
  if (inMs === null) return finish(tx, attempted, 'parked');
  const runAt = await postponeDelivery(tx, attempted.id, { leaseId: attempted.leaseId, inMs });
  if (runAt !== undefined) await scheduleDelivery(tx, attempted.id, { runAt });
  return runAt !== undefined;
}

async function finish(tx: Queryable, attempted: Attempted, state: 'delivered' | 'parked'): Promise<boolean> {
  const { id, leaseId, material } = attempted;
  const settled = await finishDelivery(tx, id, { leaseId, state });
  if (settled) {
    const { siteId, eventId, type, attempt } = material;
    const data = { event_id: eventId, type, attempt };
    await appendAudit(tx, 'core', [{ tenantId: id.tenantId, siteId, action: `webhook.${state}`, data }]);
  }
  return settled;
}
