import { setTimeout as sleep } from 'node:timers/promises';
import { type Runner, run } from 'graphile-worker';
import type pg from 'pg';
import { describeError, type Logger } from '../observability/logger.ts';
import { releaseAbandonedJobs } from './abandoned-jobs.ts';
import type { JobSchema, JobTask } from './job-queue.ts';

export interface WorkerOptions {
  readonly pool: pg.Pool;
  readonly schema: JobSchema;
  readonly tasks: Readonly<Record<string, JobTask>>;
  readonly logger: Logger;
  /** Jobs at a time. Default 8. */
  readonly concurrency?: number;
  /** A job held longer than this belongs to a dead process and is freed. Default 30,000. */
  readonly maxJobMs?: number;
  /** How often to look for such jobs. Default 10,000. */
  readonly recoverEveryMs?: number;
}

/** Pause before a runner that ended by itself is replaced. */
const RESTART_AFTER_MS = 1_000;

/**
 * Runs a queue's jobs until stopped. Any number of processes may run the same queue; a job whose process
 * died is taken up again after `maxJobMs`. The library ends its runner when the database goes away at the
 * wrong moment; a new one takes its place.
 */
export async function startWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const { pool, schema, logger, maxJobMs = 30_000, recoverEveryMs = 10_000 } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let runner = await startRunner(options);
  const supervision = supervise();
  const recovery = releaseAbandonedJobs({ pool, schema, maxJobMs, everyMs: recoverEveryMs, signal });

  async function supervise(): Promise<void> {
    for (;;) {
      await runner.promise.catch(() => {});
      if (signal.aborted) return;
      logger.warn({ schema }, 'job runner ended by itself, will be started again');
      await sleep(RESTART_AFTER_MS, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      runner = await startRunner(options).catch(() => runner);
    }
  }

  return {
    async stop() {
      stopping.abort();
      await runner.stop().catch(() => {});
      await Promise.all([supervision, recovery]);
    },
  };
}

async function startRunner(options: WorkerOptions): Promise<Runner> {
  const { logger } = options;
  const runner = await run({
    pgPool: options.pool,
    schema: options.schema,
    noHandleSignals: true,
    noPreparedStatements: true,
    preset: {
      worker: {
        concurrentJobs: options.concurrency ?? 8,
        pollInterval: 1_000,
        // Unbatched, the library neither awaits these writes at shutdown nor catches their errors.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
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
  return runner;
}

/** The library's own lines name job payloads; ours come from its events. */
function quietLogger() {
  const silent = { error() {}, warn() {}, info() {}, debug() {}, scope: () => silent };
  return silent;
}
