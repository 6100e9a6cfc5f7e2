import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { JobSchema } from './job-queue.ts';

export interface AbandonedJobsOptions {
  readonly pool: pg.Pool;
  readonly schema: JobSchema;
  /** A job held longer than this belongs to a dead process. */
  readonly maxJobMs: number;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/** Frees the jobs of dead processes, at once and then regularly; the library would wait four hours. */
export async function releaseAbandonedJobs(options: AbandonedJobsOptions): Promise<void> {
  const { pool, schema, maxJobMs, everyMs, signal } = options;
  while (!signal.aborted) {
    // A fault means that the database is away: the next round does it.
    await pool
      .query(
        `update ${schema}._private_jobs set locked_at = null, locked_by = null
         where locked_at < now() - $1 * interval '1 millisecond'`,
        [maxJobMs],
      )
      .catch(() => {});
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}
