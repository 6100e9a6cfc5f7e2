import type { Database } from '../../database/database.ts';
import { type CountedReads, countReads } from './release-repository.ts';

export interface ReadCounterOptions {
  /** Connected as `cell_app`. */
  readonly database: Database;
  readonly now?: (() => Date) | undefined;
  /** Default 1,000. */
  readonly delayMs?: number | undefined;
}

/**
 * Gathers how often each consent was used and adds it to the consents a little later: a row update for
 * each of them at every read would cost more than the read. The audit log is exact at every moment; these
 * figures are for people to look at, and a process that dies takes the last second with it.
 */
export class ReadCounter {
  readonly #database: Database;
  readonly #now: () => Date;
  readonly #delayMs: number;
  #counts = new Map<string, Map<string, CountedReads>>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ database, now = () => new Date(), delayMs = 1_000 }: ReadCounterOptions) {
    this.#database = database;
    this.#now = now;
    this.#delayMs = delayMs;
  }

  add(tenantId: string, consentIds: readonly string[]): void {
    if (consentIds.length === 0) return;
    const ofTenant = this.#counts.get(tenantId) ?? new Map<string, CountedReads>();
    this.#counts.set(tenantId, ofTenant);
    const last_read_at = this.#now();
    for (const consent_id of consentIds) {
      const count = ofTenant.get(consent_id) ?? { consent_id, reads: 0, last_read_at };
      count.reads += 1;
      count.last_read_at = last_read_at;
      ofTenant.set(consent_id, count);
    }
    this.#timer ??= setTimeout(() => void this.flush(), this.#delayMs).unref();
  }

  /** Stores what was gathered. Counts that cannot be stored are dropped: the audit log has them. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const counts = this.#counts;
    this.#counts = new Map();
    for (const [tenantId, ofTenant] of counts) {
      await countReads(this.#database, { tenantId, reads: [...ofTenant.values()] }).catch(() => {});
    }
  }
}
