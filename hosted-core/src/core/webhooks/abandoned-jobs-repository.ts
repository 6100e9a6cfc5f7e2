import type { Queryable } from '../../database/database.ts';
import { DELIVER_WEBHOOK } from './delivery-job.ts';

/**
 * Frees the jobs of workers that died while they had them; the queue by itself waits four hours. A worker
 * that is merely slow loses nothing: the lease on the delivery decides who sends.
 */
export async function releaseAbandonedJobs(
  database: Queryable,
  options: { olderThanMs: number },
): Promise<void> {
  await database.query(
    `select core_jobs.force_unlock_workers(array_agg(locked_by)) from core_jobs.jobs
     where task_identifier = $1 and locked_at < now() - $2 * interval '1 millisecond'
     having count(*) > 0`,
    [DELIVER_WEBHOOK, options.olderThanMs],
  );
}
