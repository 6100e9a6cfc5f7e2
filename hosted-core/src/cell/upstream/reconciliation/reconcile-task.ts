import type { Queryable } from '../../../database/database.ts';
import { addJob, type JobTask } from '../../../jobs/job-queue.ts';
import { deleteOldDeliveries } from '../webhooks/deliveries-repository.ts';
import { reconcile } from './reconcile.ts';
import type { ReconcileDependencies } from './reconcile-dependencies.ts';

export const RECONCILE_TASK = 'upstream-reconcile';
/** Well below the time after which a job counts as abandoned. */
const SLICE_MS = 12_000;
/** Besides two pauses between rounds: a round may read again what the one before has followed. */
const KEEP_DELIVERIES_MS = 3_600_000;

/** The handler of the job `upstream-reconcile`: a slice of a round, then the next slice or, after a pause, the next round. */
export function reconcileTask(deps: ReconcileDependencies & { reconcileEverySeconds: number }): JobTask {
  const { database, tenantId, now } = deps;
  return async () => {
    try {
      const { finished } = await reconcile(deps, { until: new Date(now().getTime() + SLICE_MS) });
      await scheduleReconciliation(database, tenantId, finished ? deps.reconcileEverySeconds : 0);
    } catch (error) {
      // The chain of rounds must not end with a Logto that is away for long.
      await scheduleReconciliation(database, tenantId, Math.min(60, deps.reconcileEverySeconds));
      throw error;
    }
    const before = new Date(now().getTime() - 2 * deps.reconcileEverySeconds * 1000 - KEEP_DELIVERIES_MS);
    await database.inTenant(tenantId, (tx) => deleteOldDeliveries(tx, { tenantId, before }));
  };
}

/** Makes sure that the next slice is due; any number of processes may call this. */
export async function scheduleReconciliation(
  tx: Queryable,
  tenantId: string,
  inSeconds: number,
): Promise<void> {
  await addJob(tx, 'cell_jobs', {
    task: RECONCILE_TASK,
    payload: { tenantId },
    key: `${RECONCILE_TASK}/${tenantId}`,
    runAt: new Date(Date.now() + inSeconds * 1000),
    maxAttempts: 1,
  });
}
