import type { Database, Queryable } from '../../database/database.ts';
import { LIST_SIZE } from './status-list.ts';

export interface Allocation {
  readonly siteId: string;
  readonly subjectId: string;
  readonly sid: string | undefined;
  readonly expiresAt: Date;
  readonly candidates: readonly number[];
}

export interface Position {
  readonly listId: string;
  readonly index: number;
}

/** A published list as it is served. */
export interface PublishedList {
  readonly token: string | null;
  readonly etag: string | null;
  readonly publishedAt: Date | null;
  /** Bits wait for the next publication. */
  readonly isChanged: boolean;
}

export interface ListBits {
  readonly decoys: Buffer;
  readonly bits: Buffer;
}

/** All SQL about status lists. */
export class StatusListRepository {
  readonly #database: Database;
  readonly #tenantId: string;

  constructor(database: Database, tenantId: string) {
    this.#database = database;
    this.#tenantId = tenantId;
  }

  /** @returns `undefined` when the site has no open list or none of the candidates is free */
  async allocate(wanted: Allocation): Promise<Position | undefined> {
    const [row] = await this.#database.query<{ list_id: string; idx: number }>(
      'select list_id, idx from core.allocate_status($1, $2, $3, $4, $5, $6)',
      [
        this.#tenantId,
        wanted.siteId,
        wanted.subjectId,
        wanted.sid ?? null,
        wanted.expiresAt,
        wanted.candidates,
      ],
    );
    return row && { listId: row.list_id, index: row.idx };
  }

  /** Opens a list for the site unless it has one. */
  async create(list: ListBits & { listId: string; siteId: string }): Promise<void> {
    await this.#database.query('select core.create_status_list($1, $2, $3, $4, $5, $6)', [
      this.#tenantId,
      list.listId,
      list.siteId,
      LIST_SIZE,
      list.decoys,
      list.bits,
    ]);
  }

  async find(listId: string): Promise<PublishedList | undefined> {
    const [row] = await this.#database.query<{
      token: string | null;
      etag: string | null;
      published_at: Date | null;
      changed: boolean;
    }>('select * from core.read_status_list($1, $2)', [this.#tenantId, listId]);
    if (!row) return undefined;
    return { token: row.token, etag: row.etag, publishedAt: row.published_at, isChanged: row.changed };
  }

  /** Publishes while no other process does: `sign` gets the bits with every waiting change. */
  async publish(
    listId: string,
    sign: (list: ListBits) => Promise<{ bits: Buffer; token: string; etag: string } | undefined>,
  ): Promise<void> {
    await this.#database.inTenant(this.#tenantId, async (tx) => {
      const key = [this.#tenantId, listId];
      const [list] = await tx.query<ListBits>(
        'select decoys, bits from core.status_lists where tenant_id = $1 and list_id = $2 for update',
        key,
      );
      if (!list) return;
      const changes = await tx.query<{ idx: number }>(
        'delete from core.status_changes where tenant_id = $1 and list_id = $2 returning idx',
        key,
      );
      const bits = Buffer.from(list.bits);
      for (const { idx } of changes) bits[idx >> 3] = (bits[idx >> 3] as number) | (1 << (idx & 7));
      const signed = await sign({ decoys: list.decoys, bits });
      if (!signed) return;
      await tx.query(
        `update core.status_lists set bits = $3, token = $4, etag = $5, published_at = clock_timestamp()
         where tenant_id = $1 and list_id = $2`,
        [...key, signed.bits, signed.token, signed.etag],
      );
    });
  }

  /** Forgets the positions of passports that have expired, and lists that nobody can need any more. */
  async purge(before: Date): Promise<void> {
    await this.#database.inTenant(this.#tenantId, async (tx) => {
      await tx.query('delete from core.status_entries where tenant_id = $1 and expires_at < $2', [
        this.#tenantId,
        before,
      ]);
      const dead = await tx.query<{ list_id: string }>(
        'select list_id from core.status_lists where tenant_id = $1 and not accepts and live_until < $2 for update skip locked',
        [this.#tenantId, before],
      );
      const ids = dead.map((row) => row.list_id);
      for (const table of ['status_changes', 'status_entries', 'status_lists'])
        await tx.query(`delete from core.${table} where tenant_id = $1 and list_id = any ($2)`, [
          this.#tenantId,
          ids,
        ]);
    });
  }
}

/** Whose live passports are marked as revoked; what is left out means any. */
export interface PassportsOf {
  readonly tenantId: string;
  readonly siteId?: string;
  readonly subjectId?: string;
  readonly sid?: string;
}

/** Marks passports as revoked in the caller's transaction. @returns how many there were */
export async function revokePassports(tx: Queryable, whose: PassportsOf): Promise<number> {
  const [row] = await tx.query<{ revoked: number }>(
    'select core.revoke_passports($1, $2, $3, $4) as revoked',
    [whose.tenantId, whose.siteId ?? null, whose.subjectId ?? null, whose.sid ?? null],
  );
  return row?.revoked ?? 0;
}
