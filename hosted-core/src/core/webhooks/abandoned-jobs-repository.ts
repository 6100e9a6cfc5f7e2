import type { Queryable } from '../../database/database.ts';
import { DELIVER_WEBHOOK } from './delivery-job.ts';

/**
 * Frees the jobs of workers that died while they had them; the queue by itself waits four hours. A worker
 * that is merely slow loses nothing: the lease on the delivery decides who sends. The library's own
 * `force_unlock_workers` would also free every other job of that process, so it is not used.
 */
export async function releaseAbandonedJobs(
  database: Queryable,
  options: { olderThanMs: number },
): Promise<void> {
  await database.query(
    `update core_jobs._private_jobs j set locked_at = null, locked_by = null
     from core_jobs._private_tasks t
     where t.identifier = $1 and j.task_id = t.id and j.locked_at < now() - $2 * interval '1 millisecond'`,
    [DELIVER_WEBHOOK, options.olderThanMs],
  );
}
