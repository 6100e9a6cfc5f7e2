import type { Queryable } from '../database/database.ts';
import type { Chain } from './chain.ts';
import { HASH_BYTES, nodeHash } from './merkle-hash.ts';
import { STORED_LEVELS } from './tree-frontier.ts';
import type { SubtreeSource } from './tree-proofs.ts';

const TILE = 2 ** STORED_LEVELS;

/** The stored tree of a chain, in a transaction of its tenant. Reads 256 hashes at a time and keeps them. */
export class StoredTree implements SubtreeSource {
  readonly #tx: Queryable;
  readonly #chain: Pick<Chain, 'schema' | 'tenantId'>;
  readonly #tiles = new Map<string, Buffer>();

  constructor(tx: Queryable, chain: Pick<Chain, 'schema' | 'tenantId'>) {
    this.#tx = tx;
    this.#chain = chain;
  }

  /** @throws RangeError when the tree does not reach that far */
  async subtree(level: number, index: number): Promise<Buffer> {
    const base = level - (level % STORED_LEVELS);
    const count = 2 ** (level - base);
    const first = index * count;
    const tile = await this.#tile(base, Math.floor(first / TILE));
    const start = (first % TILE) * HASH_BYTES;
    const bytes = tile.subarray(start, start + count * HASH_BYTES);
    if (bytes.length !== count * HASH_BYTES) throw new RangeError('the stored tree is smaller than that');
    return fold(bytes);
  }

  async #tile(level: number, index: number): Promise<Buffer> {
    const key = `${level}/${index}`;
    const known = this.#tiles.get(key);
    if (known) return known;
    const tile = await this.#readTile(level, index);
    this.#tiles.set(key, tile);
    return tile;
  }

  async #readTile(level: number, index: number): Promise<Buffer> {
    const { schema, tenantId } = this.#chain;
    const from = index * TILE;
    const [sql, values] =
      level === 0
        ? [
            `select leaf_hash as hash from ${schema}.audit_entries
             where tenant_id = $1 and seq > $2 and seq <= $2 + ${TILE} order by seq`,
            [tenantId, from],
          ]
        : [
            `select hash from ${schema}.audit_nodes
             where tenant_id = $1 and index >= $2 and index < $2 + ${TILE} and level = $3 order by index`,
            [tenantId, from, level],
          ];
    const rows = await this.#tx.query<{ hash: Buffer }>(sql as string, values as unknown[]);
    return Buffer.concat(rows.map((row) => row.hash));
  }
}

/** Root of a perfect tree over these hashes. */
function fold(hashes: Buffer): Buffer {
  if (hashes.length === HASH_BYTES) return hashes;
  const middle = hashes.length / 2;
  return nodeHash(fold(hashes.subarray(0, middle)), fold(hashes.subarray(middle)));
}
