import { describe, expect, it } from 'vitest';
import { EMPTY_ROOT, leafHash, nodeHash } from '../../../src/audit/merkle-hash.ts';
import { TreeFrontier } from '../../../src/audit/tree-frontier.ts';
import {
  consistencyProof,
  inclusionProof,
  type SubtreeSource,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from '../../../src/audit/tree-proofs.ts';

/** Leaves and roots of the tests of Certificate Transparency's reference implementation. */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const MOST = 40;
const leaves = Array.from({ length: MOST }, (_, i) => leafHash(Buffer.from(`entry ${i}`)));

/** The definition of RFC 6962 §2.1, word by word. */
function definedRoot(list: readonly Buffer[]): Buffer {
  if (list.length === 0) return EMPTY_ROOT;
  if (list.length === 1) return list[0] as Buffer;
  let k = 1;
  while (k * 2 < list.length) k *= 2;
  return nodeHash(definedRoot(list.slice(0, k)), definedRoot(list.slice(k)));
}

/** Counts what is read. */
class CountingSource implements SubtreeSource {
  reads = 0;
  async subtree(level: number, index: number) {
    this.reads += 1;
    return definedRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
  }
}

describe('the tree (RFC 6962)', () => {
  it('has the roots of the reference implementation', () => {
    const tree = new TreeFrontier();
    for (const [i, leaf] of LEAVES.entries()) {
      tree.append(leafHash(Buffer.from(leaf, 'hex')));
      expect(tree.root().toString('hex')).toBe(ROOTS[i]);
    }
    expect(EMPTY_ROOT.toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it('grows to the same root from wherever it is taken up, and needs a hash for each bit of its size', () => {
    let bytes: Buffer = Buffer.alloc(0);
    for (let size = 0; size < MOST; size += 1) {
      const tree = new TreeFrontier(size, bytes);
      tree.append(leaves[size] as Buffer);
      bytes = tree.toBytes();
      expect(tree.root()).toEqual(definedRoot(leaves.slice(0, size + 1)));
      expect(bytes.length / 32).toBe((size + 1).toString(2).replaceAll('0', '').length);
    }
  });

  it('stores every eighth level', () => {
    const tree = new TreeFrontier();
    const stored = Array.from({ length: 65_536 }, () => tree.append(leaves[0] as Buffer)).flat();
    expect(stored.filter((node) => node.level === 8).map((node) => node.index)).toEqual(
      Array.from({ length: 256 }, (_, i) => i),
    );
    expect(stored.filter((node) => node.level !== 8).map(({ level, index }) => ({ level, index }))).toEqual([
      { level: 16, index: 0 },
    ]);
    expect(stored.at(-1)?.hash).toEqual(tree.root());
  });
});

describe('inclusion proofs', () => {
  it('hold for every leaf of every tree, and for no other leaf, place, size or root', async () => {
    const source = new CountingSource();
    for (let size = 1; size <= MOST; size += 1) {
      const root = await treeRoot(source, size);
      for (let index = 0; index < size; index += 1) {
        source.reads = 0;
        const proof = await inclusionProof(source, index, size);
        expect(source.reads).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(size + 1)));
        const claim = { leaf: leaves[index] as Buffer, index, size, root, proof };
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, leaf: leafHash(Buffer.from('other')) })).toBe(false);
        expect(verifyInclusion({ ...claim, index: index + 1 })).toBe(false);
        expect(verifyInclusion({ ...claim, index: index - 1 })).toBe(false);
        expect(verifyInclusion({ ...claim, root: leaves[0] as Buffer })).toBe(size === 1 && index === 0);
        expect(verifyInclusion({ ...claim, proof: [...proof, root] })).toBe(false);
        if (proof.length > 0) expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(false);
      }
    }
  });
});

describe('consistency proofs', () => {
  it('hold for every pair of trees, and for no other root or proof', async () => {
    const source = new CountingSource();
    for (let size = 0; size <= MOST; size += 1) {
      const root = await treeRoot(source, size);
      for (let oldSize = 0; oldSize <= size; oldSize += 1) {
        const oldRoot = await treeRoot(source, oldSize);
        const proof = await consistencyProof(source, oldSize, size);
        const claim = { oldSize, oldRoot, size, root, proof };
        expect(verifyConsistency(claim), `${oldSize} in ${size}`).toBe(true);
        expect(verifyConsistency({ ...claim, oldRoot: Buffer.alloc(32) })).toBe(false);
        expect(verifyConsistency({ ...claim, proof: [...proof, root] })).toBe(false);
        if (oldSize > 0) expect(verifyConsistency({ ...claim, root: Buffer.alloc(32) })).toBe(false);
        if (oldSize > 0 && oldSize < size)
          for (let i = 0; i < proof.length; i += 1)
            expect(verifyConsistency({ ...claim, proof: proof.with(i, Buffer.alloc(32)) })).toBe(false);
      }
    }
  });

  it('are refused for a tree that shrank', () => {
    const claim = { oldSize: 2, oldRoot: EMPTY_ROOT, size: 1, root: EMPTY_ROOT, proof: [] };
    expect(verifyConsistency(claim)).toBe(false);
  });
});
