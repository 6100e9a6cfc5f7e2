import type { Database, Queryable } from '../database/database.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { NewTombstone, Tombstone, TombstoneHalf } from './tombstone.ts';
import { type TombstoneLedger, TombstoneLedgerFile } from './tombstone-ledger.ts';
import { TombstoneRepository } from './tombstone-repository.ts';

export interface TombstonesOptions {
  readonly half: TombstoneHalf;
  /** As the half's role. */
  readonly database: Database;
  readonly tenantId: string;
  /** Where the ledgers are; without one, a restored backup is not noticed. */
  readonly ledgerFolder?: string | undefined;
}

/** The tombstones of one half in its database, and the ledger outside that tells when the database is old. */
export class Tombstones {
  readonly half: TombstoneHalf;
  readonly tenantId: string;
  readonly database: Database;
  readonly repository: TombstoneRepository;
  readonly ledger: TombstoneLedger | undefined;

  constructor({ half, database, tenantId, ledgerFolder }: TombstonesOptions) {
    this.half = half;
    this.database = database;
    this.tenantId = tenantId;
    this.repository = new TombstoneRepository(half);
    this.ledger = ledgerFolder
      ? new TombstoneLedgerFile({ folder: ledgerFolder, tenantId, half })
      : undefined;
  }

  /** Writes a tombstone in the caller's transaction, as its last lock. */
  async write(tx: Queryable, tombstone: NewTombstone): Promise<Tombstone> {
    await this.repository.lock(tx, this.tenantId);
    await this.#refuseOld(tx);
    return this.repository.insertNext(tx, tombstone);
  }

  /** Copies to the ledger what it does not have yet. Any number of processes may call it at any time. */
  async publish(): Promise<void> {
    const { ledger, repository, tenantId } = this;
    if (!ledger) return;
    await this.database.inTenant(tenantId, async (tx) => {
      await repository.lock(tx, tenantId);
      let head = await this.#refuseOld(tx);
      for (;;) {
        const missing = await repository.after(tx, tenantId, head?.sequence ?? 0);
        if (missing.length === 0) return;
        await ledger.append(missing);
        head = missing.at(-1);
      }
    });
  }

  /** Whether the ledger knows of erasures that this database does not. */
  async isOld(tx: Queryable): Promise<boolean> {
    const head = await this.ledger?.head();
    return head !== undefined && !(await this.#has(tx, head));
  }

  async #has(tx: Queryable, head: Tombstone): Promise<boolean> {
    const own = await this.repository.findBySequence(tx, this.tenantId, head.sequence);
    return own?.tombstoneId === head.tombstoneId;
  }

  async #refuseOld(tx: Queryable): Promise<Tombstone | undefined> {
    const head = await this.ledger?.head();
    if (head && !(await this.#has(tx, head))) throw databaseIsOld(this.half);
    return head;
  }
}

export function databaseIsOld(half: TombstoneHalf): UserrefError {
  return new UserrefError('service_unavailable', {
    retryAfterSeconds: 60,
    logDetail: `the ${half}'s database is older than its tombstone ledger; run userref-core restore replay-tombstones`,
  });
}
