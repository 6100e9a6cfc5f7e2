import type { Anchor } from './anchors/anchor.ts';
import { firstLink } from './audit-entry.ts';
import type { Chain } from './chain.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { readCheckpointsAfter } from './checkpoint-repository.ts';
import { readNodes, type StoredEntryWithColumns } from './entry-repository.ts';
import { entryPages } from './export-entries.ts';
import { leafHash } from './merkle-hash.ts';
import { type ChainHead, readHead } from './sequence-repository.ts';
import { openNote } from './signed-note.ts';
import { TreeFrontier } from './tree-frontier.ts';

export interface VerifyStoredOptions {
  /** Whose signatures on checkpoints count. */
  readonly publicKeys: readonly string[];
  /** Read back and compared too. */
  readonly anchors?: readonly Anchor[];
  readonly onProgress?: (entries: number) => void;
}

export type StoredVerdict =
  | {
      readonly ok: true;
      readonly size: number;
      readonly checkpoints: number;
      readonly suspicions: readonly string[];
    }
  | {
      readonly ok: false;
      /** The first entry that is wrong, or behind which something is. */
      readonly seq: number;
      readonly reason: string;
    };

class Wrong extends Error {
  readonly seq: number;

  constructor(seq: number, reason: string) {
    super(reason);
    this.seq = seq;
  }
}

/**
 * Checks the log as it stands in the database: every byte, link, number and column, the stored tree, and all
 * checkpoints, those in anchors outside included. For operators; an auditor uses an export and
 * `userref audit verify`, which trusts nothing here.
 */
export async function verifyStoredLog(chain: Chain, options: VerifyStoredOptions): Promise<StoredVerdict> {
  const { publicKeys, anchors = [], onProgress = () => {} } = options;
  const log = (await headOf(chain))?.log;
  if (!log) return { ok: true, size: 0, checkpoints: 0, suspicions: [] };
  try {
    const anchored = openAnchored(await readAnchors(anchors, log), publicKeys);
    const stored = (await storedNotes(chain)).map((note) => openCheckpoint(note, publicKeys));
    const checkpoints = [...stored, ...anchored.checkpoints].sort((a, b) => a.size - b.size);
    // After the checkpoints: a log that is being written to has all that they speak of.
    const head = await headOf(chain);
    if (!head) throw new Wrong(0, 'the head of the chain is gone');
    await walk(chain, { head, checkpoints: [...checkpoints], onProgress });
    return { ok: true, size: head.size, checkpoints: checkpoints.length, suspicions: anchored.suspicions };
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, seq: error.seq, reason: error.message };
    throw error;
  }
}

async function walk(
  chain: Chain,
  context: { head: ChainHead; checkpoints: Checkpoint[]; onProgress: (entries: number) => void },
): Promise<void> {
  const { head, checkpoints, onProgress } = context;
  const tree = new TreeFrontier();
  const nodes = new Map<string, Buffer>();
  let prev = firstLink(head.log);
  for await (const page of entryPages(chain, { after: 0, until: head.size })) {
    for (const entry of page) {
      prev = checkEntry(entry, { log: head.log, seq: tree.size + 1, prev });
      for (const node of tree.append(prev)) nodes.set(`${node.level}/${node.index}`, node.hash);
      while (checkpoints[0]?.size === tree.size)
        checkCheckpoint(checkpoints.shift() as Checkpoint, tree, head);
    }
    onProgress(tree.size);
  }
  if (tree.size < head.size) throw new Wrong(tree.size + 1, 'entries are missing at the end');
  if (!head.head.equals(prev) || !head.frontier.equals(tree.toBytes()))
    throw new Wrong(tree.size, 'the head of the chain does not belong to the entries');
  if (checkpoints[0])
    throw new Wrong(tree.size + 1, `entries are missing: ${checkpoints[0].size} were signed`);
  await checkNodes(chain, nodes, tree.size);
}

function checkEntry(
  entry: StoredEntryWithColumns,
  expected: { log: string; seq: number; prev: Buffer },
): Buffer {
  const { log, seq, prev } = expected;
  if (entry.seq !== seq) throw new Wrong(seq, 'the entry is missing');
  const leaf = leafHash(entry.canonical);
  if (!leaf.equals(entry.leafHash)) throw new Wrong(seq, 'the entry was edited: its bytes have another hash');
  const said = JSON.parse(entry.canonical.toString('utf8')) as Record<string, unknown>;
  if (said.log !== log) throw new Wrong(seq, 'the entry belongs to another log');
  if (said.seq !== seq) throw new Wrong(seq, 'the entry belongs to another place');
  if (said.prev !== prev.toString('base64'))
    throw new Wrong(seq - 1, 'the entry was edited: the next one links to other bytes');
  const columns = [entry.time, entry.action, entry.subjectRef ?? undefined];
  if (columns.some((value, i) => value !== [said.time, said.action, said.subject][i]))
    throw new Wrong(seq, 'a column beside the entry says something else than its bytes');
  return leaf;
}

function checkCheckpoint(checkpoint: Checkpoint, tree: TreeFrontier, head: ChainHead): void {
  if (checkpoint.log === head.log && checkpoint.root.equals(tree.root())) return;
  throw new Wrong(tree.size, `the log up to here is not the one that was signed at ${checkpoint.time}`);
}

async function checkNodes(chain: Chain, expected: Map<string, Buffer>, size: number): Promise<void> {
  const stored = await chain.database.inTenant(chain.tenantId, (tx) => readNodes(tx, chain));
  const found = new Map(stored.map((node) => [`${node.level}/${node.index}`, node.hash]));
  for (const [place, hash] of expected) {
    if (!found.get(place)?.equals(hash)) throw new Wrong(size, `node ${place} of the stored tree is wrong`);
  }
}

async function storedNotes(chain: Chain): Promise<string[]> {
  const notes: string[] = [];
  let size = 0;
  for (;;) {
    const page = await chain.database.inTenant(chain.tenantId, (tx) => readCheckpointsAfter(tx, chain, size));
    const last = page.at(-1);
    if (!last) return notes;
    notes.push(...page.map((one) => one.note));
    size = last.size;
  }
}

async function readAnchors(anchors: readonly Anchor[], log: string) {
  const findings = await Promise.all(anchors.map(async (anchor) => anchor.read?.(log)));
  return {
    notes: findings.flatMap((one) => one?.notes ?? []),
    suspicions: findings.flatMap((one) => one?.suspicions ?? []),
  };
}

/** Anybody who may write there can put a forged note into an anchor; it counts for nothing, but is told. */
function openAnchored(
  { notes, suspicions }: { notes: readonly string[]; suspicions: readonly string[] },
  publicKeys: readonly string[],
) {
  const texts = notes.map((note) => openNote(note, publicKeys));
  const forged = texts
    .filter((text) => text === undefined)
    .map(() => 'an anchor holds a note that nobody signed');
  return {
    checkpoints: texts.filter((text) => text !== undefined).map(parseCheckpoint),
    suspicions: [...suspicions, ...forged],
  };
}

function headOf(chain: Chain): Promise<ChainHead | undefined> {
  return chain.database.inTenant(chain.tenantId, (tx) => readHead(tx, chain));
}

function openCheckpoint(note: string, publicKeys: readonly string[]): Checkpoint {
  const text = openNote(note, publicKeys);
  if (text === undefined) throw new Wrong(0, 'a checkpoint is not signed by a key that counts');
  return parseCheckpoint(text);
}
