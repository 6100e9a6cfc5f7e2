import { type AuditEntry, toRow } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';

export interface ReadAuditOptions {
  /** Connected as `cell_app`. */
  readonly database: Database;
  readonly now?: () => Date;
}

export interface ReadRecord {
  readonly entry: AuditEntry;
  /** Consents that allowed the read; their counters go up. */
  readonly consentIds?: readonly string[];
}

interface Waiting extends ReadRecord {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const MAX_BATCH = 64;
const MAX_DELAY_MS = 2;
const MAX_WAITING = 4_096;
const DEADLOCK = '40P01';

/**
 * Writes down reads before their answer goes out. Entries that come close together share one insert and
 * one commit: at most 64, and none waits longer than 2 ms for company.
 */
export class ReadAudit {
  readonly #database: Database;
  readonly #now: () => Date;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #writing = 0;

  constructor({ database, now = () => new Date() }: ReadAuditOptions) {
    this.#database = database;
    this.#now = now;
  }

  /** Resolves when the entry is committed. Rejects when it is not: then nothing may be released. */
  record(record: ReadRecord): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) {
      const logDetail = 'too many reads wait for the audit log';
      return Promise.reject(new UserrefError('service_unavailable', { logDetail, retryAfterSeconds: 1 }));
    }
    return new Promise((done, failed) => {
      this.#waiting.push({ ...record, done, failed });
      this.#schedule();
    });
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
      await this.#insert(records);
      for (const record of records) record.done();
    } catch (error) {
      for (const record of records) record.failed(error);
    } finally {
      this.#writing -= 1;
      if (this.#waiting.length > 0) this.#flush();
    }
  }

  async #insert(records: readonly Waiting[]): Promise<void> {
    const write = () =>
      this.#database.query('select cell.record_reads($1, $2, $3)', [
        JSON.stringify(records.map((record) => toRow(record.entry))),
        records.flatMap((record) => record.consentIds ?? []),
        this.#now(),
      ]);
    // A person who withdraws several consents at this moment may lock them in another order.
    await write().catch((error: { code?: unknown }) => {
      if (error.code !== DEADLOCK) throw error;
      return write();
    });
  }
}

/** Row level security opens for one tenant at a time. */
function byTenant(records: readonly Waiting[]): Waiting[][] {
  return [...Map.groupBy(records, (record) => record.entry.tenantId).values()];
}
