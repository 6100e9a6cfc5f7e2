import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { describeError, type Logger } from '../observability/logger.ts';
import { databaseIsOld, type Tombstones } from './tombstones.ts';

export interface RestoreGateOptions {
  readonly tombstones: Tombstones;
  readonly logger: Logger;
  /** How often the ledger is compared with the database. Default 5,000. */
  readonly everyMs?: number;
}

const ALWAYS_ANSWERED = new Set(['/healthz', '/readyz']);

/**
 * Keeps a half from working on a database that is older than its tombstone ledger, or in which erased people
 * are back: every request is refused and no job runs until the tombstones were replayed. Closed until the
 * first comparison, and open again without a restart.
 */
export class RestoreGate {
  readonly #options: RestoreGateOptions;
  readonly #stopping = new AbortController();
  #open = false;
  #watch: Promise<void> | undefined;
  #whenOpen: (() => Promise<void>) | undefined;

  constructor(options: RestoreGateOptions) {
    this.#options = options;
  }

  /** Refuses what comes in while closed. Call it before any route is added. */
  guard(app: FastifyInstance): void {
    app.addHook('onRequest', async (request) => {
      if (this.#open || ALWAYS_ANSWERED.has(request.routeOptions.url ?? '')) return;
      throw databaseIsOld(this.#options.tombstones.half);
    });
  }

  /** For `/readyz`: resolves when open; while closed, it looks again. */
  async ready(): Promise<void> {
    if (!this.#open) await this.compare();
    if (!this.#open) throw databaseIsOld(this.#options.tombstones.half);
  }

  /** Compares now, then regularly; runs `work` once, as soon as the gate is open. */
  async start(work: () => Promise<void>): Promise<void> {
    this.#whenOpen = work;
    await this.compare();
    this.#watch = this.#compareRegularly();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#watch;
  }

  /** A comparison that cannot be made leaves the gate as it was. */
  async compare(): Promise<void> {
    const { tombstones, logger } = this.#options;
    const old = await this.#isOld().catch((error: unknown) => {
      logger.warn({ err: describeError(error), half: tombstones.half }, 'tombstones could not be compared');
      return undefined;
    });
    if (old === undefined) return;
    if (old && (this.#open || !this.#watch)) {
      const message = 'this database is older than its tombstone ledger: refusing all work until replayed';
      logger.error({ half: tombstones.half, command: 'userref-core restore replay-tombstones' }, message);
    }
    this.#open = !old;
    if (!this.#open || !this.#whenOpen) return;
    const work = this.#whenOpen;
    this.#whenOpen = undefined;
    await work();
    // A ledger that was lost, or fell behind when its storage was away, is made whole.
    await tombstones.publish().catch((error: unknown) => {
      logger.warn({ err: describeError(error), half: tombstones.half }, 'the tombstone ledger is behind');
    });
  }

  #isOld(): Promise<boolean> {
    const { tombstones } = this.#options;
    return tombstones.database.inTenant(tombstones.tenantId, async (tx) => {
      if (await tombstones.isOld(tx)) return true;
      // Part of a backup, such as one table, may come back under a ledger that agrees.
      return !this.#open && (await tombstones.repository.countReturned(tx, tombstones.tenantId)) > 0;
    });
  }

  async #compareRegularly(): Promise<void> {
    const { signal } = this.#stopping;
    const { logger, everyMs = 5_000 } = this.#options;
    for (;;) {
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      await this.compare().catch((error: unknown) =>
        logger.error({ err: describeError(error) }, 'the work behind the restore gate could not be started'),
      );
    }
  }
}
