import type { Queryable } from '../database/database.ts';

/** Each half has a queue of its own, in a schema that the other half's role cannot read. */
export type JobSchema = 'core_jobs' | 'cell_jobs';

export interface Job {
  readonly task: string;
  /** Identifiers only: payloads are stored in the clear. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Jobs with the same key exist once. */
  readonly key?: string;
  /** Jobs of one queue run one after the other. */
  readonly queue?: string;
  readonly runAt?: Date;
  /** Default 25. */
  readonly maxAttempts?: number;
}

/** Adds a job in the caller's transaction: it exists if and only if the change does. */
export async function addJob(tx: Queryable, schema: JobSchema, job: Job): Promise<void> {
  await tx.query(
    `select ${schema}.add_job(identifier => $1, payload => $2::json, queue_name => $3, run_at => $4, max_attempts => $5, job_key => $6)`,
    [
      job.task,
      JSON.stringify(job.payload),
      job.queue ?? null,
      job.runAt ?? null,
      job.maxAttempts ?? null,
      job.key ?? null,
    ],
  );
}

/** Does a job's work. Must bear to run twice: a process may die between the work and its being noted. */
export type JobTask = (payload: Record<string, unknown>) => Promise<void>;
