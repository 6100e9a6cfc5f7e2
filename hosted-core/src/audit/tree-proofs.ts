import { EMPTY_ROOT, nodeHash } from './merkle-hash.ts';

/** Gives the root of any perfect subtree of a stored tree. */
export interface SubtreeSource {
  /** Root of the `index`-th group of 2^level leaves, all of which exist. */
  subtree(level: number, index: number): Promise<Buffer>;
}

/** The head of the first `size` leaves. */
export function treeRoot(source: SubtreeSource, size: number): Promise<Buffer> {
  return size === 0 ? Promise.resolve(EMPTY_ROOT) : rangeRoot(source, 0, size);
}

/**
 * RFC 6962 §2.1.1: what, hashed together with leaf `index`, gives the root of the first `size` leaves.
 * Reads O(log size) subtrees.
 */
export async function inclusionProof(source: SubtreeSource, index: number, size: number): Promise<Buffer[]> {
  if (!(index >= 0 && index < size)) throw new RangeError('the leaf is outside of the tree');
  const path: Buffer[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      path.push(await rangeRoot(source, middle, end));
      end = middle;
    } else {
      path.push(await rangeRoot(source, start, middle));
      start = middle;
    }
  }
  return path.reverse();
}

/** RFC 6962 §2.1.2: that the first `size` leaves begin with the first `oldSize`. Empty for sizes that are equal. */
export async function consistencyProof(
  source: SubtreeSource,
  oldSize: number,
  size: number,
): Promise<Buffer[]> {
  if (!(oldSize >= 0 && oldSize <= size)) throw new RangeError('the older tree is the larger one');
  const path: Buffer[] = [];
  if (oldSize === 0 || oldSize === size) return path;
  let [start, end] = [0, size];
  while (oldSize !== end) {
    const middle = start + splitOf(end - start);
    if (oldSize <= middle) {
      path.push(await rangeRoot(source, middle, end));
      end = middle;
    } else {
      path.push(await rangeRoot(source, start, middle));
      start = middle;
    }
  }
  if (start > 0) path.push(await rangeRoot(source, start, end));
  return path.reverse();
}

/** RFC 9162 §2.1.3.2. */
export function verifyInclusion(claim: {
  leaf: Buffer;
  index: number;
  size: number;
  root: Buffer;
  proof: readonly Buffer[];
}): boolean {
  let { leaf: hash, index } = claim;
  let last = claim.size - 1;
  if (!(index >= 0 && index <= last)) return false;
  for (const sibling of claim.proof) {
    if (last === 0) return false;
    if (index % 2 === 1 || index === last) {
      hash = nodeHash(sibling, hash);
      while (index % 2 === 0 && index !== 0) [index, last] = [half(index), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [index, last] = [half(index), half(last)];
  }
  return last === 0 && hash.equals(claim.root);
}

/** RFC 9162 §2.1.4.2. An empty tree is the beginning of every tree. */
export function verifyConsistency(claim: {
  oldSize: number;
  oldRoot: Buffer;
  size: number;
  root: Buffer;
  proof: readonly Buffer[];
}): boolean {
  const { oldSize, oldRoot, size, root } = claim;
  if (oldSize > size || oldSize < 0) return false;
  if (oldSize === size) return claim.proof.length === 0 && oldRoot.equals(root);
  if (oldSize === 0) return claim.proof.length === 0 && oldRoot.equals(EMPTY_ROOT);
  const proof = isPowerOfTwo(oldSize) ? [oldRoot, ...claim.proof] : [...claim.proof];
  let [index, last] = [oldSize - 1, size - 1];
  while (index % 2 === 1) [index, last] = [half(index), half(last)];
  const first = proof.shift();
  if (!first) return false;
  let [oldHash, hash] = [first, first];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (index % 2 === 1 || index === last) {
      oldHash = nodeHash(sibling, oldHash);
      hash = nodeHash(sibling, hash);
      while (index % 2 === 0 && index !== 0) [index, last] = [half(index), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [index, last] = [half(index), half(last)];
  }
  return last === 0 && oldHash.equals(oldRoot) && hash.equals(root);
}

async function rangeRoot(source: SubtreeSource, start: number, end: number): Promise<Buffer> {
  const count = end - start;
  if (isPowerOfTwo(count)) return source.subtree(Math.log2(count), start / count);
  const middle = start + splitOf(count);
  const [left, right] = [await rangeRoot(source, start, middle), await rangeRoot(source, middle, end)];
  return nodeHash(left, right);
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}

function half(count: number): number {
  return Math.floor(count / 2);
}
