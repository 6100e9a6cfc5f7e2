import type { Queryable } from '../database/database.ts';
import type { Chain } from './chain.ts';

type Where = Pick<Chain, 'schema' | 'tenantId'>;

/** A numbered entry as stored. */
export interface StoredEntry {
  readonly seq: number;
  readonly canonical: Buffer;
  readonly leafHash: Buffer;
}

/** The columns beside it, which ought to say what the bytes say. */
export interface StoredEntryWithColumns extends StoredEntry {
  readonly time: string;
  readonly action: string;
  readonly subjectRef: string | null;
}

/** Which entries; all bounds optional. */
export interface EntryFilter {
  /** From this time on. */
  readonly from?: Date | undefined;
  /** Before this time. */
  readonly to?: Date | undefined;
  /** Names of actions, or their beginnings with a star: `consent.*`. */
  readonly actions?: readonly string[] | undefined;
}

/** Numbers that one page spans. A span, not a limit: no plan can make a page cost more than its entries. */
export const PAGE = 2_000;

/** The entries behind `after` up to `until`, in a transaction of the tenant. */
export async function readEntries(
  tx: Queryable,
  { schema, tenantId }: Where,
  range: { after: number; until: number; filter?: EntryFilter },
): Promise<StoredEntryWithColumns[]> {
  const { from = null, to = null, actions = null } = range.filter ?? {};
  const patterns = actions?.map((one) => one.replace(/[%_\\]/g, '\\$&').replace(/\*$/, '%')) ?? null;
  const rows = await tx.query<StoredEntryWithColumns & { seq: string }>(
    `select seq, canonical, leaf_hash as "leafHash", action, subject_ref as "subjectRef",
       to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time
     from ${schema}.audit_entries
     where tenant_id = $1 and seq > $2 and seq <= $3
       and ($4::timestamptz is null or occurred_at >= $4) and ($5::timestamptz is null or occurred_at < $5)
       and ($6::text[] is null or action like any ($6))
     order by seq`,
    [tenantId, range.after, range.until, from, to, patterns],
  );
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

/** The next entries about one person, in a transaction of the tenant. */
export async function readEntriesAbout(
  tx: Queryable,
  { schema, tenantId }: Where,
  range: { subjectRef: string; after: number; until: number },
): Promise<StoredEntry[]> {
  const rows = await tx.query<StoredEntry & { seq: string }>(
    `select seq, canonical, leaf_hash as "leafHash" from ${schema}.audit_entries
     where tenant_id = $1 and subject_ref = $2 and seq > $3 and seq <= $4 order by seq limit ${PAGE}`,
    [tenantId, range.subjectRef, range.after, range.until],
  );
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

/** Stored inner nodes of the tree, in a transaction of the tenant. */
export async function readNodes(
  tx: Queryable,
  { schema, tenantId }: Where,
): Promise<{ level: number; index: number; hash: Buffer }[]> {
  const rows = await tx.query<{ level: number; index: string; hash: Buffer }>(
    `select level, index, hash from ${schema}.audit_nodes where tenant_id = $1`,
    [tenantId],
  );
  return rows.map((row) => ({ ...row, index: Number(row.index) }));
}
