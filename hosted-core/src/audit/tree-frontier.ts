import { EMPTY_ROOT, HASH_BYTES, nodeHash } from './merkle-hash.ts';

/** The root of a perfect subtree: of the `index`-th group of 2^level leaves. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Buffer;
}

/** Levels that are stored; those between are computed from the stored one below. */
export const STORED_LEVELS = 8;

/** What a growing tree must remember of itself: the roots of its perfect subtrees, largest first. */
export class TreeFrontier {
  #size: number;
  readonly #hashes: Buffer[];

  constructor(size = 0, frontier: Uint8Array = Buffer.alloc(0)) {
    this.#size = size;
    this.#hashes = Array.from({ length: frontier.length / HASH_BYTES }, (_, i) =>
      Buffer.from(frontier.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)),
    );
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf; answers with the nodes to be stored that it completes. */
  append(leaf: Buffer): TreeNode[] {
    const completed: TreeNode[] = [];
    let hash = leaf;
    let index = this.#size;
    for (let level = 1; index % 2 === 1; level += 1) {
      hash = nodeHash(this.#hashes.pop() as Buffer, hash);
      index = (index - 1) / 2;
      if (level % STORED_LEVELS === 0) completed.push({ level, index, hash });
    }
    this.#hashes.push(hash);
    this.#size += 1;
    return completed;
  }

  /** RFC 6962 §2.1. */
  root(): Buffer {
    if (this.#hashes.length === 0) return EMPTY_ROOT;
    return this.#hashes.reduceRight((right, left) => nodeHash(left, right));
  }

  /** All hashes in one piece, for storing. */
  toBytes(): Buffer {
    return Buffer.concat(this.#hashes);
  }
}
