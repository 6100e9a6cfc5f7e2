import { encodeEntry, type PendingEntry } from './audit-entry.ts';
import type { Chain } from './chain.ts';
import { leafHash } from './merkle-hash.ts';
import {
  type ChainHead,
  claimChain,
  commitBatch,
  FENCED,
  isAnythingPending,
  readPending,
  type SequencedBatch,
} from './sequence-repository.ts';
import { TreeFrontier, type TreeNode } from './tree-frontier.ts';

/** Entries that get their numbers in one transaction. */
const BATCH = 4_000;

export interface SequenceOptions {
  /** Default 4,000. */
  readonly batch?: number;
}

/**
 * Gives what waits its numbers, one batch. Any number of processes may call this at any time: one has the
 * chain, and whoever lost it without knowing cannot write behind a head that has moved.
 * @returns how many entries were numbered; 0 when nothing waits or another sequencer is at it
 */
export async function sequenceBatch(
  chain: Chain,
  { batch: limit = BATCH }: SequenceOptions = {},
): Promise<number> {
  if (!(await isAnythingPending(chain.database, chain))) return 0;
  try {
    return await chain.database.inTenant(chain.tenantId, async (tx) => {
      const head = await claimChain(tx, chain);
      if (!head) return 0;
      const pending = await readPending(tx, chain, limit);
      if (pending.length === 0) return 0;
      await commitBatch(tx, chain, appendTo(head, pending));
      return pending.length;
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === FENCED) return 0;
    throw error;
  }
}

/** Numbers everything that waits now. */
export async function sequenceAll(chain: Chain, options: SequenceOptions = {}): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await sequenceBatch(chain, options);
    if (count === 0) return total;
    total += count;
  }
}

/** Works out a batch: bytes, links and tree. */
export function appendTo(after: ChainHead, pending: readonly PendingEntry[]): SequencedBatch {
  const tree = new TreeFrontier(after.size, after.frontier);
  const entries: Buffer[] = [];
  const leaves: Buffer[] = [];
  const nodes: TreeNode[] = [];
  let prev = after.head;
  for (const one of pending) {
    const entry = encodeEntry(one, { log: after.log, seq: tree.size + 1, prev });
    prev = leafHash(entry);
    entries.push(entry);
    leaves.push(prev);
    nodes.push(...tree.append(prev));
  }
  const entryIds = pending.map((one) => one.entryId);
  return { after, entryIds, entries, leaves, frontier: tree.toBytes(), nodes };
}
