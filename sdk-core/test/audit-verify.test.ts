import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  EvidenceError,
  followSuccessions,
  openCheckpoint,
} from '../cli/audit/checkpoint.ts';
import { GrowingTree, leafHash, verifyInclusion } from '../cli/audit/merkle.ts';
import { openNote, parseNoteKey } from '../cli/audit/signed-note.ts';
import { ExportVerifier, type Verdict } from '../cli/audit/verify-export.ts';
import { verifyProof } from '../cli/audit/verify-proof.ts';

const folder = join(import.meta.dirname, '../../docs/contract/vectors/audit');
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

interface ExportVector {
  readonly name: string;
  readonly public_keys: readonly string[];
  readonly checkpoints: readonly string[];
  readonly lines: readonly string[];
  readonly verdict: Record<string, unknown>;
}

const vectors = readdirSync(join(folder, 'exports')).map((name) => read(`exports/${name}`) as ExportVector);
const named = (name: string) => vectors.find((one) => one.name === name) as ExportVector;

function checkpointsOf(vector: ExportVector): Checkpoint[] {
  return vector.checkpoints.map((note) => openCheckpoint(note, vector.public_keys.map(parseNoteKey)));
}

function verify(lines: readonly string[], checkpoints: readonly Checkpoint[]): Verdict {
  const verifier = new ExportVerifier({ checkpoints });
  for (const line of lines) {
    const verdict = verifier.take(Buffer.from(line));
    if (verdict) return verdict;
  }
  return verifier.finish();
}

describe('an export', () => {
  it.each(vectors)('of the vector $name has its verdict', (vector) => {
    expect(verify(vector.lines, checkpointsOf(vector))).toMatchObject(vector.verdict);
  });

  it('is refused at the right entry, whichever byte is changed', () => {
    const { lines, ...vector } = named('good');
    const checkpoints = checkpointsOf({ ...vector, lines });
    for (const [at, line] of lines.entries()) {
      for (let i = 0; i < line.length; i += 1) {
        const altered = line.slice(0, i) + (line[i] === '0' ? '1' : '0') + line.slice(i + 1);
        const verdict = verify(lines.with(at, altered), checkpoints);
        expect(verdict, `line ${at + 1}, byte ${i}`).toMatchObject({ ok: false, seq: at + 1 });
      }
    }
  });

  it('is refused when any line is gone, doubled, or in the place of another', () => {
    const vector = named('good');
    const { lines } = vector;
    const checkpoints = checkpointsOf(vector);
    for (let a = 0; a < lines.length; a += 1) {
      const first = { ok: false, seq: a + 1 };
      expect(verify(lines.toSpliced(a, 1), checkpoints)).toMatchObject(first);
      expect(verify(lines.toSpliced(a, 0, lines[a] ?? ''), checkpoints)).toMatchObject(first);
      for (let b = a + 1; b < lines.length; b += 1) {
        const swapped = lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '');
        expect(verify(swapped, checkpoints)).toMatchObject({ ...first, fault: 'reordered' });
      }
    }
  });

  it('goes on from an older checkpoint when it leaves out the beginning', () => {
    const vector = named('good');
    const checkpoints = checkpointsOf(vector);
    const [since] = checkpoints as [Checkpoint];
    const tree = (size: number) => {
      const subtrees = size === 5 ? [rootOf(vector.lines.slice(0, 4)), leafOf(vector.lines[4])] : [];
      return { size, head: leafOf(vector.lines[size - 1]), frontier: subtrees };
    };
    const start = (after: object) => [JSON.stringify({ after }), ...vector.lines.slice(5)];
    const run = (lines: readonly string[], older: Checkpoint | undefined) => {
      const verifier = new ExportVerifier({ checkpoints, since: older });
      for (const line of lines) {
        const verdict = verifier.take(Buffer.from(line));
        if (verdict) return verdict;
      }
      return verifier.finish();
    };
    const good = tree(5);
    expect(run(start(good), since)).toMatchObject({ ok: true, covered: 12 });
    expect(run(start(good), undefined)).toMatchObject({ ok: false, fault: 'rewritten' });
    expect(run(start({ ...good, frontier: [...good.frontier].reverse() }), since)).toMatchObject({
      ok: false,
    });
    expect(run(start({ ...good, frontier: good.frontier.slice(1) }), since)).toMatchObject({ ok: false });
    expect(run(start({ ...good, head: good.frontier[0] }), since)).toMatchObject({ ok: false });
    expect(run(start({ ...good, size: 4 }), since)).toMatchObject({ ok: false });
  });
});

function leafOf(line = ''): string {
  return line.slice(-46, -2);
}

function rootOf(lines: readonly string[]): string {
  const tree = new GrowingTree();
  for (const line of lines) tree.append(Buffer.from(leafOf(line), 'base64'));
  return tree.root().toString('base64');
}

describe('the tree', () => {
  const { entries_hex, leaves, roots, inclusion } = read('tree.json');

  it('has the leaves and roots of the vectors', () => {
    const tree = new GrowingTree();
    expect(tree.root().toString('base64')).toBe(roots[0]);
    for (const [i, entry] of entries_hex.entries()) {
      const leaf = leafHash(Buffer.from(entry, 'hex'));
      expect(leaf.toString('base64')).toBe(leaves[i]);
      tree.append(leaf);
      expect(tree.root().toString('base64')).toBe(roots[i + 1]);
    }
  });

  it('accepts the inclusion proofs of the vectors, each for its own leaf only', () => {
    for (const { index, size, proof } of inclusion) {
      const bytes = (one: string) => Buffer.from(one, 'base64');
      const claim = { index, size, root: bytes(roots[size]), proof: proof.map(bytes) };
      for (let other = 0; other < size; other += 1)
        expect(verifyInclusion({ ...claim, leaf: bytes(leaves[other]) })).toBe(other === index);
    }
  });
});

describe('notes', () => {
  const { accepted, refused, signers } = read('notes.json');
  const keys = (texts: readonly string[]) => texts.map(parseNoteKey);

  it.each(accepted as { name: string; public_keys: string[]; note: string }[])('open: $name', (one) => {
    expect(openNote(one.note, keys(one.public_keys))?.text).toBe(`${one.note.split('\n\n')[0]}\n`);
  });

  it.each(refused as { name: string; public_keys: string[]; note: string }[])('do not open: $name', (one) => {
    expect(openNote(one.note, keys(one.public_keys))).toBeUndefined();
  });

  it('take a key along that an accepted key vouches for, and no other', () => {
    const [older, newer] = keys(signers.map((one: { public_key: string }) => one.public_key));
    if (!older || !newer) throw new Error('two signers');
    const succession = accepted.find((one: { name: string }) => one.name === 'key succession').note;
    expect(followSuccessions([older], [succession]).map((key) => key.id)).toEqual([older.id, newer.id]);
    const [text, signatures] = succession.split('\n\n');
    const [byOlder, byNewer] = signatures.split('\n');
    expect(followSuccessions([older], [`${text}\n\n${byOlder}\n`])).toHaveLength(1);
    expect(followSuccessions([older], [`${text}\n\n${byNewer}\n`])).toHaveLength(1);
    expect(() => openCheckpoint(succession, [older])).toThrow(EvidenceError);
  });

  it('are refused as keys when a character differs', () => {
    const { public_key } = signers[0];
    for (let i = 0; i < public_key.length - 2; i += 1) {
      const altered = public_key.slice(0, i) + (public_key[i] === 'a' ? 'b' : 'a') + public_key.slice(i + 1);
      expect(() => parseNoteKey(altered), altered).toThrow(TypeError);
    }
  });
});

describe('an extract of own entries', () => {
  it('is refused when it is none', () => {
    for (const text of ['{}', '{"v":2}', '{"v":1,"checkpoint":"","entries":{}}'])
      expect(() => verifyProof(text, [])).toThrow(TypeError);
    expect(() => verifyProof('{"v":1,"checkpoint":"x","entries":[]}', [])).toThrow(EvidenceError);
  });
});
