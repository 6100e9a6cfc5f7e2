import type { AuditEntry } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { ReadCounter } from './read-counter.ts';
import { appendReads, type ReadGuard } from './reads-repository.ts';

export interface ReadAuditOptions {
  /** Connected as `cell_app`. */
  readonly database: Database;
  readonly now?: () => Date;
  /** How long counts are gathered before they are added to the consents. Default 1,000. */
  readonly countDelayMs?: number;
}

export interface ReadRecord {
  readonly entry: AuditEntry;
  /** Consents that allowed the read; their counters go up a moment later. */
  readonly consentIds?: readonly string[];
}

interface Waiting extends ReadRecord {
  readonly guard?: ReadGuard;
  readonly done: (isWritten: boolean) => void;
  readonly failed: (error: unknown) => void;
}

const MAX_BATCH = 64;
const MAX_DELAY_MS = 2;
const MAX_WAITING = 4_096;

/**
 * Writes down reads before their answer goes out. Entries that come close together share one insert and
 * one commit: at most 64, and none waits longer than 2 ms for company.
 */
export class ReadAudit {
  readonly #database: Database;
  readonly #counter: ReadCounter;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #writing = 0;

  constructor({ database, now, countDelayMs }: ReadAuditOptions) {
    this.#database = database;
    this.#counter = new ReadCounter({ database, now, delayMs: countDelayMs });
  }

  /** Resolves when the entry is committed. Rejects when it is not: then nothing may be released. */
  async record(record: ReadRecord): Promise<void> {
    await this.#enqueue(record);
  }

  /**
   * As {@link record}, if what allowed the read still holds; it cannot end before the entry is committed.
   * Resolves to `false` when it has ended: nothing was written then, and nothing may be released.
   */
  recordRelease(record: ReadRecord & { readonly guard: ReadGuard }): Promise<boolean> {
    return this.#enqueue(record);
  }

  #enqueue(record: ReadRecord & { readonly guard?: ReadGuard }): Promise<boolean> {
    if (this.#waiting.length >= MAX_WAITING) {
      const logDetail = 'too many reads wait for the audit log';
      return Promise.reject(new UserrefError('service_unavailable', { logDetail, retryAfterSeconds: 1 }));
    }
    return new Promise((done, failed) => {
      this.#waiting.push({ ...record, done, failed });
      this.#schedule();
    });
  }

  /** Resolves when the counts gathered so far are stored. For an orderly stop. */
  close(): Promise<void> {
    return this.#counter.flush();
  }

  #schedule(): void {
    if (this.#waiting.length >= MAX_BATCH) {
      this.#flush();
      return;
    }
    if (this.#timer || this.#immediate) return;
    // With no write under way there is no company worth waiting for.
    if (this.#writing === 0) this.#immediate = setImmediate(() => this.#flush());
    else this.#timer = setTimeout(() => this.#flush(), MAX_DELAY_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    const batch = this.#waiting.splice(0, MAX_BATCH);
    for (const records of byTenant(batch)) void this.#write(records);
    if (this.#waiting.length > 0) this.#schedule();
  }

  async #write(records: readonly Waiting[]): Promise<void> {
    this.#writing += 1;
    try {
      const written = await appendReads(this.#database, records);
      for (const [index, record] of records.entries()) {
        const isWritten = written[index] === true;
        if (isWritten) this.#counter.add(record.entry.tenantId, record.consentIds ?? []);
        record.done(isWritten);
      }
    } catch (error) {
      for (const record of records) record.failed(error);
    } finally {
      this.#writing -= 1;
      if (this.#waiting.length > 0) this.#flush();
    }
  }
}

/** Row level security opens for one tenant at a time. */
function byTenant(records: readonly Waiting[]): Waiting[][] {
  return [...Map.groupBy(records, (record) => record.entry.tenantId).values()];
}
