import type { Database } from '../../database/database.ts';
import { describeError, type Logger } from '../../observability/logger.ts';
import { releaseAbandonedJobs } from './abandoned-jobs-repository.ts';

export interface WebhookRecoveryOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** Default 10,000. */
  readonly everyMs?: number;
  /** A job held longer than this belongs to a dead worker; longer than `leaseMs`. Default 30,000. */
  readonly olderThanMs?: number;
}

/** Runs beside the worker: at once, then regularly, it takes over what dead workers left. */
export function startWebhookRecovery(options: WebhookRecoveryOptions): { stop(): Promise<void> } {
  const { database, logger, everyMs = 10_000, olderThanMs = 30_000 } = options;
  const release = () =>
    releaseAbandonedJobs(database, { olderThanMs }).catch((error) => {
      logger.warn(
        { err: describeError(error) },
        'abandoned webhook jobs could not be released, will be tried again',
      );
    });
  let running = release();
  const timer = setInterval(() => {
    running = release();
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
