import type { AuditEntry } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import { ReadCounter } from './read-counter.ts';
import { appendReads, type ReadEntry, type ReadGuard } from './reads-repository.ts';
import { SharedCalls } from './shared-calls.ts';

export interface ReadAuditOptions {
  /** Connected as `cell_app`. */
  readonly database: Database;
  readonly now?: () => Date;
  /** How long counts are gathered before they are added to the consents. Default 1,000. */
  readonly countDelayMs?: number;
}

export interface ReadRecord {
  readonly entry: AuditEntry;
  /** The entry is there already: only the permission is looked at. */
  readonly isWritten?: boolean;
  /** Consents that allowed the read; their counters go up a moment later. */
  readonly consentIds?: readonly string[];
}

/**
 * Writes down reads before their answer goes out. Entries that come close together share one insert and one
 * commit, at most 64 ({@link SharedCalls}).
 */
export class ReadAudit {
  readonly #writes: SharedCalls<ReadEntry, boolean>;
  readonly #counter: ReadCounter;

  constructor({ database, now, countDelayMs }: ReadAuditOptions) {
    this.#counter = new ReadCounter({ database, now, delayMs: countDelayMs });
    this.#writes = new SharedCalls({
      call: (reads) => appendReads(database, reads),
      // One that waits for somebody who ends a permission must not hold up all others.
      maxUnderWay: 4,
      // Row level security opens for one tenant at a time, and tokens are for one audience.
      groupOf: ({ entry, guard }) => `${entry.tenantId}|${guard?.audience}`,
    });
  }

  /** Resolves when the entry is committed. Rejects when it is not: then nothing may be released. */
  async record(record: ReadRecord): Promise<void> {
    await this.#write(record);
  }

  /**
   * As {@link record}, if what allowed the read still holds; it cannot end before the entry is committed.
   * Resolves to `false` when it has ended: nothing was written now, and nothing may be released.
   */
  recordRelease(record: ReadRecord & { readonly guard: ReadGuard }): Promise<boolean> {
    return this.#write(record);
  }

  /** Counts a read at the consents that allowed it; the figures go up a moment later. */
  count(tenantId: string, consentIds: readonly string[]): void {
    this.#counter.add(tenantId, consentIds);
  }

  /** Resolves when the counts gathered so far are stored. For an orderly stop. */
  close(): Promise<void> {
    return this.#counter.flush();
  }

  async #write(record: ReadRecord & { readonly guard?: ReadGuard }): Promise<boolean> {
    const isWritten = await this.#writes.ask(record);
    if (isWritten && record.consentIds) this.count(record.entry.tenantId, record.consentIds);
    return isWritten;
  }
}
