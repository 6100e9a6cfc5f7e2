import type { Anchor } from './anchors/anchor.ts';
import type { Chain } from './chain.ts';
import { insertAnchoring, readAnchoredSize, readNewestCheckpoint } from './checkpoint-repository.ts';
import { readHead } from './sequence-repository.ts';

/**
 * Puts the newest checkpoint where it is not yet. A checkpoint between two that were anchored is vouched for
 * by the later one.
 * @returns its size, or `undefined` when the anchor had it already
 */
export async function anchorNewest(chain: Chain, anchor: Anchor): Promise<number | undefined> {
  const due = await chain.database.inTenant(chain.tenantId, async (tx) => {
    const head = await readHead(tx, chain);
    const newest = await readNewestCheckpoint(tx, chain);
    if (!head || !newest) return undefined;
    return newest.size > (await readAnchoredSize(tx, chain, anchor.name))
      ? { log: head.log, ...newest }
      : undefined;
  });
  if (!due) return undefined;
  await anchor.put(due);
  await chain.database.inTenant(chain.tenantId, (tx) =>
    insertAnchoring(tx, chain, { anchor: anchor.name, size: due.size }),
  );
  return due.size;
}
