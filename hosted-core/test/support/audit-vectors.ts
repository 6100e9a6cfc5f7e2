import { encodeEntry, firstLink, type PendingEntry } from '../../src/audit/audit-entry.ts';
import { canonicalJson, type JsonValue } from '../../src/audit/canonical-json.ts';
import { checkpointText, successionText } from '../../src/audit/checkpoint.ts';
import { leafHash } from '../../src/audit/merkle-hash.ts';
import { noteSigner, signNote } from '../../src/audit/signed-note.ts';
import { TreeFrontier } from '../../src/audit/tree-frontier.ts';
import { consistencyProof, inclusionProof, type SubtreeSource } from '../../src/audit/tree-proofs.ts';

/** The shared vectors of the audit log, made anew: file name → content. Nothing in them is random. */
export async function makeAuditVectors(): Promise<Map<string, unknown>> {
  return new Map<string, unknown>([
    ['canonical-json.json', canonicalJsonVectors()],
    ['entries.json', entryVectors()],
    ['tree.json', await treeVectors()],
    ['notes.json', noteVectors()],
    ...exportVectors().map((one) => [`exports/${one.name}.json`, one] as const),
  ]);
}

export const LOG = 'userref.audit/cell/default/000102030405060708090a0b0c0d0e0f';
const OTHER_LOG = 'userref.audit/cell/default/f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff';
const OLD_SIGNER = noteSigner(LOG, Buffer.alloc(32, 1));
const NEW_SIGNER = noteSigner(LOG, Buffer.alloc(32, 2));
const STRANGER = noteSigner(LOG, Buffer.alloc(32, 3));
const TIME = '2026-11-22T10:00:00.000Z';

function canonicalJsonVectors() {
  const inputs = [
    '{"b":1,"a":[true,false,null]}',
    String.raw`{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]}`,
    String.raw`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`,
    '[56,{"d":true,"10":null,"1":[]}]',
    '{"z":-0,"y":1e21,"x":1e-7,"w":9007199254740993}',
    '{"é":"NFC","é":"NFD"}',
    '{"":{"":""}}',
  ];
  return inputs.map((input) => ({ input, canonical: canonicalJson(JSON.parse(input) as JsonValue) }));
}

function pendingEntry(i: number): PendingEntry {
  return {
    entryId: String(i),
    time: `2026-11-22T10:00:${String(i % 60).padStart(2, '0')}.000001Z`,
    action: ['attributes.released', 'consent.granted', 'vault.key_rotated'][i % 3] ?? '',
    siteId: i % 3 === 2 ? null : 'shop-a',
    subjectRef: i % 3 === 2 ? null : `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    requestId: i % 2 === 0 ? `req-${i}` : null,
    data: i % 3 === 0 ? { purpose: 'order_delivery', attributes: ['contact:email', 'address:shipping'] } : {},
  };
}

/** Entries of a log, each with its bytes and leaf hash. */
function makeLog(log: string, count: number) {
  let prev = firstLink(log);
  return Array.from({ length: count }, (_, i) => {
    const { entryId, ...row } = pendingEntry(i);
    const link = prev;
    const entry = encodeEntry({ entryId, ...row }, { log, seq: i + 1, prev });
    prev = leafHash(entry);
    return { row, seq: i + 1, prev: link, entry: entry.toString('utf8'), leaf: prev };
  });
}

function entryVectors() {
  const entries = makeLog(LOG, 6).map(({ row, seq, prev, entry, leaf }) => ({
    ...{ row, seq, prev: prev.toString('base64') },
    ...{ canonical: entry, leaf: leaf.toString('base64') },
  }));
  return { log: LOG, first_prev: firstLink(LOG).toString('base64'), entries };
}

async function treeVectors() {
  const most = 21;
  const inputs = Array.from({ length: most }, (_, i) =>
    Buffer.from('00112233445566778899aabbccddeeff'.slice(0, (i % 17) * 2), 'hex'),
  );
  const leaves = inputs.map((input, i) => leafHash(Buffer.concat([input, Buffer.of(i)])));
  const source = sourceOf(leaves);
  const roots = Array.from({ length: most + 1 }, (_, size) => text([rootOf(leaves.slice(0, size))])[0]);
  const inclusion: unknown[] = [];
  const consistency: unknown[] = [];
  for (const size of [1, 2, 3, 7, 8, 13, 21]) {
    for (let index = 0; index < size; index += 1)
      inclusion.push({ index, size, proof: text(await inclusionProof(source, index, size)) });
    for (let oldSize = 1; oldSize <= size; oldSize += 1)
      consistency.push({
        old_size: oldSize,
        size,
        proof: text(await consistencyProof(source, oldSize, size)),
      });
  }
  const entries = inputs.map((input, i) => Buffer.concat([input, Buffer.of(i)]).toString('hex'));
  return { entries_hex: entries, leaves: text(leaves), roots, inclusion, consistency };
}

function noteVectors() {
  const note = checkpointNote(12, makeLog(LOG, 12));
  const succession = successionText({ log: LOG, publicKey: NEW_SIGNER.publicKey, time: TIME });
  const [body = '', signature = ''] = note.split('\n\n');
  return {
    signers: [OLD_SIGNER, NEW_SIGNER].map(({ publicKey }, i) => ({
      seed: Buffer.alloc(32, i + 1).toString('base64'),
      public_key: publicKey,
    })),
    accepted: [
      { name: 'checkpoint', public_keys: [OLD_SIGNER.publicKey], note },
      {
        name: 'checkpoint by two keys, the newer known',
        public_keys: [NEW_SIGNER.publicKey],
        note: checkpointNote(12, makeLog(LOG, 12), [OLD_SIGNER, NEW_SIGNER]),
      },
      {
        name: 'key succession',
        public_keys: [OLD_SIGNER.publicKey],
        note: signNote(succession, [OLD_SIGNER, NEW_SIGNER]),
      },
    ],
    refused: [
      { name: 'key of a stranger', public_keys: [STRANGER.publicKey], note },
      { name: 'text altered', public_keys: [OLD_SIGNER.publicKey], note: note.replace('\n12\n', '\n13\n') },
      { name: 'no line break at the end', public_keys: [OLD_SIGNER.publicKey], note: note.slice(0, -1) },
      { name: 'no signature', public_keys: [OLD_SIGNER.publicKey], note: `${body}\n\n` },
      {
        name: 'hyphen in place of the dash',
        public_keys: [OLD_SIGNER.publicKey],
        note: `${body}\n\n${signature.replace('—', '-')}`,
      },
    ],
  };
}

type LogEntries = ReturnType<typeof makeLog>;

function checkpointNote(size: number, log: LogEntries, signers = [OLD_SIGNER]): string {
  const leaves = log.slice(0, size).map((one) => one.leaf);
  const head = leaves.at(-1) ?? firstLink(LOG);
  return signNote(checkpointText({ log: LOG, size, root: rootOf(leaves), head, time: TIME }), signers);
}

function exportVectors() {
  const log = makeLog(LOG, 12);
  const lines = log.map(lineOf);
  const checkpoints = [checkpointNote(5, log), checkpointNote(12, log)];
  const vector = (name: string, changed: readonly string[], verdict: object, more: object = {}) => ({
    ...{ name, public_keys: [OLD_SIGNER.publicKey], checkpoints },
    ...more,
    ...{ lines: changed, verdict },
  });
  const bad = (seq: number, fault: string) => ({ ok: false, seq, fault });
  const edit = (seq: number) => lines.with(seq - 1, lines[seq - 1]?.replace('2026', '2025') ?? '');
  const rehashed = (seq: number) =>
    lines.with(seq - 1, rehash(log[seq - 1]?.entry.replace('2026', '2025') ?? ''));
  const forged = rewriteFrom(log, 7);
  const newest = { checkpoints: checkpoints.slice(1) };
  return [
    vector('good', lines, { ok: true, covered: 12, beyond: 0 }),
    vector(
      'good-with-unsigned-tail',
      lines,
      { ok: true, covered: 5, beyond: 7 },
      { checkpoints: checkpoints.slice(0, 1) },
    ),
    ...[1, 5, 6, 12].map((seq) => vector(`edited-${seq}`, edit(seq), bad(seq, 'edited'))),
    ...[1, 5, 6, 12].map((seq) => vector(`edited-and-hashed-${seq}`, rehashed(seq), bad(seq, 'edited'))),
    vector('removed-first', lines.slice(1), bad(1, 'removed')),
    vector('removed-middle', lines.toSpliced(6, 1), bad(7, 'removed')),
    vector('reordered', lines.with(3, lines[8] ?? '').with(8, lines[3] ?? ''), bad(4, 'reordered')),
    vector('moved-to-the-end', [...lines.toSpliced(3, 1), lines[3] ?? ''], bad(4, 'reordered')),
    vector('duplicated', lines.toSpliced(4, 0, lines[3] ?? ''), bad(4, 'duplicated')),
    vector('copy-in-place-of-another', lines.with(4, lines[3] ?? ''), bad(4, 'duplicated')),
    vector('tail-cut', lines.slice(0, 9), bad(10, 'tail_cut')),
    vector('tail-cut-at-older-checkpoint', lines.slice(0, 5), bad(6, 'tail_cut')),
    vector('empty', [], bad(1, 'tail_cut')),
    vector('another-log', makeLog(OTHER_LOG, 12).map(lineOf), bad(1, 'another_log')),
    vector(
      'entry-of-another-log',
      lines.with(5, makeLog(OTHER_LOG, 12).map(lineOf)[5] ?? ''),
      bad(6, 'another_log'),
    ),
    vector('rewritten', forged, bad(1, 'rewritten'), newest),
    vector('rewritten-after-older-checkpoint', forged, bad(6, 'rewritten')),
    vector('line-malformed', lines.with(2, '{"seq":3}'), bad(3, 'malformed')),
    vector('line-with-white-space', lines.with(2, ` ${lines[2]}`), bad(3, 'malformed')),
  ];
}

/** A log in which entry `seq` was edited, and everything after it computed anew. */
function rewriteFrom(log: LogEntries, seq: number): string[] {
  let prev = firstLink(LOG);
  return log.map(({ row }, i) => {
    const changed = i + 1 === seq ? { ...row, action: 'consent.denied' } : row;
    const entry = encodeEntry({ entryId: '', ...changed }, { log: LOG, seq: i + 1, prev });
    prev = leafHash(entry);
    return rehash(entry.toString('utf8'));
  });
}

function lineOf({ entry, leaf }: LogEntries[number]): string {
  return `{"entry":${entry},"leaf":"${leaf.toString('base64')}"}`;
}

function rehash(entry: string): string {
  return `{"entry":${entry},"leaf":"${leafHash(Buffer.from(entry, 'utf8')).toString('base64')}"}`;
}

function rootOf(leaves: readonly Buffer[]): Buffer {
  const tree = new TreeFrontier();
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}

function sourceOf(leaves: readonly Buffer[]): SubtreeSource {
  return {
    subtree: async (level, index) => rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
  };
}

function text(hashes: readonly Buffer[]): string[] {
  return hashes.map((hash) => hash.toString('base64'));
}
