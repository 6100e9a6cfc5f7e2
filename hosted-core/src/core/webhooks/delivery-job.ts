import type { Queryable } from '../../database/database.ts';
import { addJob } from '../../jobs/job-queue.ts';

/** Name of the worker's task. */
export const DELIVER_WEBHOOK = 'deliver-webhook';

/**
 * Failed attempts to deliver are not failures of the job; what fails it is our own database, and then it
 * must not give up: the delivery, and those behind it, would wait for ever.
 */
const MAX_JOB_FAILURES = 1_000;

export interface DeliveryId {
  readonly tenantId: string;
  readonly deliveryId: string;
}

export interface DeliverySchedule {
  readonly runAt?: Date;
  /** Wait a random moment first: for jobs that begin together with those of other sites. */
  readonly spread?: true;
}

/**
 * Sees to it that the delivery is looked at, now or at `runAt`, in the caller's transaction. There is one
 * job a delivery: an earlier one that has not begun moves to the new time.
 */
export async function scheduleDelivery(
  tx: Queryable,
  { tenantId, deliveryId }: DeliveryId,
  { runAt, spread }: DeliverySchedule = {},
): Promise<void> {
  await addJob(tx, 'core_jobs', {
    task: DELIVER_WEBHOOK,
    payload: { tenantId, deliveryId, ...(spread && { spread }) },
    key: `${DELIVER_WEBHOOK}/${deliveryId}`,
    maxAttempts: MAX_JOB_FAILURES,
    ...(runAt && { runAt }),
  });
}

/** @throws TypeError for a payload that {@link scheduleDelivery} did not write */
export function readDeliveryJob(
  payload: Readonly<Record<string, unknown>>,
): DeliveryId & { spread: boolean } {
  const { tenantId, deliveryId, spread } = payload;
  if (typeof tenantId !== 'string' || typeof deliveryId !== 'string')
    throw new TypeError('malformed delivery job');
  return { tenantId, deliveryId, spread: spread === true };
}
