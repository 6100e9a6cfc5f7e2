import { type Runner, run } from 'graphile-worker';
import type pg from 'pg';
import type { Queryable } from '../database/database.ts';
import { describeError, type Logger } from '../observability/logger.ts';

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

export type JobTask = (payload: Record<string, unknown>) => Promise<void>;

export interface WorkerOptions {
  readonly pool: pg.Pool;
  readonly schema: JobSchema;
  readonly tasks: Readonly<Record<string, JobTask>>;
  readonly logger: Logger;
  /** Jobs at a time. Default 8. */
  readonly concurrency?: number;
}

/**
 * Runs a queue's jobs until stopped. Any number of processes may run the same queue; a job whose process
 * died is taken up again by another.
 */
export async function startWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const { logger } = options;
  const runner: Runner = await run({
    pgPool: options.pool,
    schema: options.schema,
    concurrency: options.concurrency ?? 8,
    noHandleSignals: true,
    noPreparedStatements: true,
    pollInterval: 1_000,
    taskList: Object.fromEntries(
      Object.entries(options.tasks).map(([name, task]) => [
        name,
        async (payload: unknown) => task(payload as Record<string, unknown>),
      ]),
    ),
    logger: quietLogger() as never,
  });
  runner.events.on('job:error', ({ job, error }) => {
    logger.warn(
      { task: job.task_identifier, attempt: job.attempts, err: describeError(error) },
      'job failed, will be tried again',
    );
  });
  runner.events.on('job:failed', ({ job, error }) => {
    logger.error(
      { task: job.task_identifier, attempt: job.attempts, err: describeError(error) },
      'job gave up',
    );
  });
  return { stop: () => runner.stop() };
}

/** The library's own lines name job payloads; ours come from its events. */
function quietLogger() {
  const silent = { error() {}, warn() {}, info() {}, debug() {}, scope: () => silent };
  return silent;
}
