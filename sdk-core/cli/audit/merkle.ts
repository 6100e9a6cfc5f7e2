import { hash } from 'node:crypto';

const HASH_BYTES = 32;
const EMPTY_ROOT = hash('sha256', '', 'buffer');
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** RFC 6962 §2.1. */
export function leafHash(entry: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF, entry]), 'buffer');
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');
}

/** A Merkle tree that grows, of which only the roots of its perfect subtrees are kept. */
export class GrowingTree {
  size: number;
  readonly #subtrees: Buffer[];

  /** @throws TypeError when there is not one hash for each bit of the size */
  constructor(size = 0, subtrees: readonly Buffer[] = []) {
    const bits = size.toString(2).replaceAll('0', '').length;
    if (subtrees.length !== bits || subtrees.some((one) => one.length !== HASH_BYTES))
      throw new TypeError('the hashes of a tree do not fit its size');
    this.size = size;
    this.#subtrees = [...subtrees];
  }

  append(leaf: Buffer): void {
    let hash = leaf;
    for (let rest = this.size; rest % 2 === 1; rest = (rest - 1) / 2)
      hash = nodeHash(this.#subtrees.pop() as Buffer, hash);
    this.#subtrees.push(hash);
    this.size += 1;
  }

  root(): Buffer {
    if (this.size === 0) return EMPTY_ROOT;
    return this.#subtrees.reduceRight((right, left) => nodeHash(left, right));
  }

  /** The root as it would be with one leaf more. */
  rootWith(leaf: Buffer): Buffer {
    const copy = new GrowingTree(this.size, this.#subtrees);
    copy.append(leaf);
    return copy.root();
  }
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
  if (!Number.isSafeInteger(index) || index < 0 || index > last) return false;
  for (const sibling of claim.proof) {
    if (last === 0 || sibling.length !== HASH_BYTES) return false;
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

function half(count: number): number {
  return Math.floor(count / 2);
}
