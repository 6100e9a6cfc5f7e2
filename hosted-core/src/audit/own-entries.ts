import type { Chain } from './chain.ts';
import { readNewestCheckpoint } from './checkpoint-repository.ts';
import { readEntriesAbout, type StoredEntry } from './entry-repository.ts';
import { inclusionProof } from './tree-proofs.ts';
import { StoredTree } from './tree-repository.ts';

/** Everything that a log says about one person, with the proof that it does. */
export interface OwnEntries {
  readonly v: 1;
  /** A signed note. */
  readonly checkpoint: string;
  readonly entries: readonly {
    /** The exact bytes, as text. */
    readonly entry: string;
    /** Place in the tree, from 0. */
    readonly index: number;
    /** RFC 6962 §2.1.1, base64. */
    readonly proof: readonly string[];
  }[];
}

/**
 * Entries about one person up to the newest checkpoint, each with its inclusion proof; `undefined` before
 * there is a checkpoint.
 * @param subjectRef the person's `audit_ref` in this half
 */
export async function proveOwnEntries(
  chain: Chain,
  { subjectRef }: { subjectRef: string },
): Promise<OwnEntries | undefined> {
  return chain.database.inTenant(chain.tenantId, async (tx) => {
    const checkpoint = await readNewestCheckpoint(tx, chain);
    if (!checkpoint) return undefined;
    const tree = new StoredTree(tx, chain);
    const entries: OwnEntries['entries'][number][] = [];
    let page: StoredEntry[];
    let after = 0;
    do {
      page = await readEntriesAbout(tx, chain, { subjectRef, after, until: checkpoint.size });
      for (const { seq, canonical } of page) {
        const proof = await inclusionProof(tree, seq - 1, checkpoint.size);
        entries.push({
          entry: canonical.toString('utf8'),
          index: seq - 1,
          proof: proof.map((hash) => hash.toString('base64')),
        });
        after = seq;
      }
    } while (page.length > 0);
    return { v: 1, checkpoint: checkpoint.note, entries };
  });
}
