import type { Database } from '../../database/database.ts';
import type { Tombstones } from '../../erasure/tombstones.ts';
import { addJob, type JobTask } from '../../jobs/job-queue.ts';
import { deleteEvents } from '../webhooks/webhooks-participant-repository.ts';
import { settleNotices } from './erasure-notices-repository.ts';

export const PUBLISH_TOMBSTONES_TASK = 'publish-tombstones';
const FORGET_TASK = 'forget-erased';
const EVERY_MS = 3_600_000;
const BATCH = 200;

/**
 * How long a `subject.erased` stays after it was delivered or given up, so that the operator can send it
 * again. The last place of the person's user_ref.
 */
export const FORGET_AFTER_MS = 7 * 86_400_000;

export interface ErasureTaskOptions {
  readonly database: Database;
  readonly tombstones: Tombstones;
  readonly now?: () => Date;
}

/** The jobs that erasure needs at the core. */
export function erasureTasks(options: ErasureTaskOptions): Record<string, JobTask> {
  return {
    [PUBLISH_TOMBSTONES_TASK]: () => options.tombstones.publish(),
    [FORGET_TASK]: async () => {
      await forgetErased(options);
      await scheduleForgetting(options);
    },
  };
}

/** Makes sure that the next round is due within an hour; any number of processes may call this. */
export async function scheduleForgetting({ database }: Pick<ErasureTaskOptions, 'database'>): Promise<void> {
  const runAt = new Date(Date.now() + EVERY_MS);
  await addJob(database, 'core_jobs', { task: FORGET_TASK, payload: {}, key: FORGET_TASK, runAt });
}

/** Forgets the webhooks of erasures that have come to their end. */
export async function forgetErased({
  tombstones,
  now = () => new Date(),
}: ErasureTaskOptions): Promise<void> {
  const { database, tenantId } = tombstones;
  const before = new Date(now().getTime() - FORGET_AFTER_MS);
  for (;;) {
    const forgotten = await database.inTenant(tenantId, async (tx) => {
      const eventIds = await settleNotices(tx, { tenantId, before, limit: BATCH });
      await deleteEvents(tx, tenantId, eventIds);
      return eventIds.length;
    });
    if (forgotten < BATCH) return;
  }
}
