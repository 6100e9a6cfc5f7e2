import type { Chain } from './chain.ts';
import { readClosedEntries } from './closed-log-repository.ts';
import { type EntryFilter, PAGE, readEntries, type StoredEntryWithColumns } from './entry-repository.ts';
import { readHead } from './sequence-repository.ts';
import { StoredTree } from './tree-repository.ts';

export interface ExportOptions {
  /** Leaves out the first so many entries, which an earlier export had. Default 0: everything. */
  readonly after?: number | undefined;
  /** A filtered export is for reading: it cannot be verified as a whole. */
  readonly filter?: EntryFilter | undefined;
}

/**
 * The log as JSON Lines. Each line is `{"entry":…,"leaf":"…"}`: the exact bytes that were hashed, and their
 * leaf hash. With `after`, a first line `{"after":…}` holds what a verifier needs to go on from there.
 */
export async function* exportEntries(chain: Chain, options: ExportOptions = {}): AsyncGenerator<Buffer> {
  const { after = 0, filter } = options;
  const head = await chain.database.inTenant(chain.tenantId, (tx) => readHead(tx, chain));
  if (!head) return;
  if (after > head.size) throw new RangeError(`the log has ${head.size} entries only`);
  if (after > 0 && !filter) yield await describeStart(chain, after);
  for await (const page of entryPages(chain, { after, until: head.size, ...(filter && { filter }) })) {
    yield Buffer.concat(page.flatMap(({ canonical, leafHash }) => exportLine(canonical, leafHash)));
  }
}

/** Pages of entries, each read in a short transaction of its own. */
export async function* entryPages(
  chain: Chain,
  range: { after: number; until: number; filter?: EntryFilter },
): AsyncGenerator<StoredEntryWithColumns[]> {
  for (let { after } = range; after < range.until; after += PAGE) {
    const until = Math.min(after + PAGE, range.until);
    const page = await chain.database.inTenant(chain.tenantId, (tx) =>
      readEntries(tx, chain, { ...range, after, until }),
    );
    if (page.length > 0) yield page;
  }
}

/** A closed log from its first entry to its last, in the same form. */
export async function* exportClosedLog(chain: Chain, log: string): AsyncGenerator<Buffer> {
  for (let after = 0; ; after += PAGE) {
    const page = await chain.database.inTenant(chain.tenantId, (tx) =>
      readClosedEntries(tx, chain, { log, after }),
    );
    if (page.length === 0) return;
    yield Buffer.concat(page.flatMap(({ canonical, leafHash }) => exportLine(canonical, leafHash)));
  }
}

/** The parts of one line of an export. */
export function exportLine(canonical: Buffer, leaf: Buffer): Buffer[] {
  return [OPENING, canonical, Buffer.from(`,"leaf":"${leaf.toString('base64')}"}\n`)];
}

const OPENING = Buffer.from('{"entry":');

async function describeStart(chain: Chain, size: number): Promise<Buffer> {
  const { frontier, head } = await chain.database.inTenant(chain.tenantId, async (tx) => {
    const tree = new StoredTree(tx, chain);
    return { frontier: await frontierAt(tree, size), head: await tree.subtree(0, size - 1) };
  });
  const start = {
    size,
    head: head.toString('base64'),
    frontier: frontier.map((hash) => hash.toString('base64')),
  };
  return Buffer.from(`${JSON.stringify({ after: start })}\n`);
}

async function frontierAt(tree: StoredTree, size: number): Promise<Buffer[]> {
  const hashes: Buffer[] = [];
  let start = 0;
  for (let level = 52; level >= 0; level -= 1) {
    const count = 2 ** level;
    if (size - start < count) continue;
    hashes.push(await tree.subtree(level, start / count));
    start += count;
  }
  return hashes;
}
