import type { Queryable } from '../database/database.ts';
import type { Chain } from './chain.ts';

type Where = Pick<Chain, 'schema' | 'tenantId'>;

/** A signed checkpoint as stored. */
export interface StoredCheckpoint {
  readonly size: number;
  readonly note: string;
}

/** The newest checkpoint, in a transaction of the tenant. */
export async function readNewestCheckpoint(
  tx: Queryable,
  { schema, tenantId }: Where,
): Promise<StoredCheckpoint | undefined> {
  const rows = await tx.query<{ size: string; note: string }>(
    `select size, note from ${schema}.audit_checkpoints where tenant_id = $1 order by size desc limit 1`,
    [tenantId],
  );
  return rows[0] && { size: Number(rows[0].size), note: rows[0].note };
}

/** All checkpoints after a size, oldest first, up to 1,000. */
export async function readCheckpointsAfter(
  tx: Queryable,
  { schema, tenantId }: Where,
  size: number,
): Promise<StoredCheckpoint[]> {
  const rows = await tx.query<{ size: string; note: string }>(
    `select size, note from ${schema}.audit_checkpoints where tenant_id = $1 and size > $2 order by size limit 1000`,
    [tenantId, size],
  );
  return rows.map((row) => ({ size: Number(row.size), note: row.note }));
}

/** The first checkpoint of a size stays; a second process's one is dropped. */
export async function insertCheckpoint(
  tx: Queryable,
  { schema, tenantId }: Where,
  { size, note }: StoredCheckpoint,
): Promise<void> {
  await tx.query(
    `insert into ${schema}.audit_checkpoints (tenant_id, size, note) values ($1, $2, $3) on conflict do nothing`,
    [tenantId, size, note],
  );
}

/** Notes in which a key vouches for the next, oldest first. */
export async function readSuccessions(tx: Queryable, { schema, tenantId }: Where) {
  return tx.query<{ publicKey: string; note: string; createdAt: Date }>(
    `select public_key as "publicKey", note, created_at as "createdAt" from ${schema}.audit_key_successions
     where tenant_id = $1 order by created_at`,
    [tenantId],
  );
}

export async function insertSuccession(
  tx: Queryable,
  { schema, tenantId }: Where,
  succession: { publicKey: string; note: string },
): Promise<void> {
  await tx.query(
    `insert into ${schema}.audit_key_successions (tenant_id, public_key, note) values ($1, $2, $3)
     on conflict do nothing`,
    [tenantId, succession.publicKey, succession.note],
  );
}

/** Size of the newest checkpoint that an anchor has; 0 for none. */
export async function readAnchoredSize(
  tx: Queryable,
  { schema, tenantId }: Where,
  anchor: string,
): Promise<number> {
  const rows = await tx.query<{ size: string | null }>(
    `select max(size) as size from ${schema}.audit_anchorings where tenant_id = $1 and anchor = $2`,
    [tenantId, anchor],
  );
  return Number(rows[0]?.size ?? 0);
}

export async function insertAnchoring(
  tx: Queryable,
  { schema, tenantId }: Where,
  { anchor, size }: { anchor: string; size: number },
): Promise<void> {
  await tx.query(
    `insert into ${schema}.audit_anchorings (tenant_id, anchor, size) values ($1, $2, $3) on conflict do nothing`,
    [tenantId, anchor, size],
  );
}
