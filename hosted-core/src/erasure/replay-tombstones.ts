import type { Queryable } from '../database/database.ts';
import type { Tombstone } from './tombstone.ts';
import type { Tombstones } from './tombstones.ts';

export interface ReplayOptions {
  readonly tombstones: Tombstones;
  /**
   * Erases a person that came back, in the given transaction, as the live erasure does; the tombstone is in
   * place then. `false` when somebody else has just done it.
   */
  readonly eraseAgain: (tx: Queryable, subjectId: string, tombstone: Tombstone) => Promise<boolean>;
  /** Told of each tombstone that this database did not have, in its transaction. */
  readonly onRestored: (tx: Queryable, tombstone: Tombstone, facts: { found: boolean }) => Promise<void>;
}

export interface ReplayResult {
  /** Tombstones in the ledger. */
  readonly tombstones: number;
  /** Tombstones that this database lacked. */
  readonly restored: number;
  /** People who had come back and are erased again. */
  readonly erasedAgain: number;
}

/**
 * Erases from a restored database everybody who was erased after its backup was made. May be stopped at any
 * moment and run again: each tombstone is one transaction.
 */
export async function replayTombstones(options: ReplayOptions): Promise<ReplayResult> {
  const { tombstones } = options;
  await makeRoom(tombstones);
  const result = { tombstones: 0, restored: 0, erasedAgain: 0 };
  const replay = async (tombstone: Tombstone) => {
    const { restored, erased } = await replayOne(options, tombstone);
    result.tombstones += 1;
    result.restored += Number(restored);
    result.erasedAgain += Number(erased);
  };
  let last = 0;
  for await (const tombstone of tombstones.ledger?.entries() ?? []) {
    last = tombstone.sequence;
    await replay(tombstone);
  }
  for await (const tombstone of ownAfter(tombstones, last)) await replay(tombstone);
  await tombstones.publish();
  return result;
}

async function replayOne({ tombstones, eraseAgain, onRestored }: ReplayOptions, tombstone: Tombstone) {
  const { database, repository, tenantId } = tombstones;
  return database.inTenant(tenantId, async (tx) => {
    const known = await repository.findByRequest(tx, tenantId, tombstone.requestId);
    const subjectId = await repository.findReturned(tx, tombstone);
    if (!known) await repository.restore(tx, tombstone);
    const erased = subjectId !== undefined && (await eraseAgain(tx, subjectId, tombstone));
    if (!known || erased) await onRestored(tx, tombstone, { found: erased });
    return { restored: !known, erased };
  });
}

/** Tombstones of this database that the ledger does not have: erased after the restore, before anyone noticed. */
async function* ownAfter(tombstones: Tombstones, sequence: number): AsyncIterable<Tombstone> {
  const { database, repository, tenantId } = tombstones;
  for (let last = sequence; ; ) {
    const batch = await database.inTenant(tenantId, (tx) => repository.after(tx, tenantId, last));
    yield* batch;
    const end = batch.at(-1);
    if (!end) return;
    last = end.sequence;
  }
}

/** Numbers that the ledger gave to others are given back. */
async function makeRoom({ database, repository, tenantId, ledger }: Tombstones): Promise<void> {
  const known = new Set<string>();
  for await (const tombstone of ledger?.entries() ?? []) known.add(tombstone.tombstoneId);
  if (known.size === 0) return;
  await database.inTenant(tenantId, async (tx) => {
    await repository.lock(tx, tenantId);
    const ids: string[] = [];
    for (let last = 0; ; ) {
      const batch = await repository.after(tx, tenantId, last);
      const end = batch.at(-1);
      if (!end) break;
      ids.push(...batch.filter((one) => !known.has(one.tombstoneId)).map((one) => one.tombstoneId));
      last = end.sequence;
    }
    if (ids.length > 0) await repository.moveBehind(tx, tenantId, { ids, sequence: known.size });
  });
}
