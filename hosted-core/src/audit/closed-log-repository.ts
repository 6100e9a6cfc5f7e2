import type { Queryable } from '../database/database.ts';
import type { AuditSchema } from './audit-log.ts';
import { toRow } from './audit-log.ts';
import type { Chain } from './chain.ts';
import { PAGE, type StoredEntry } from './entry-repository.ts';

type Where = Pick<Chain, 'schema' | 'tenantId'>;

/** A log that is kept and does not grow any more. */
export interface ClosedLog {
  readonly log: string;
  readonly size: number;
  readonly closedAt: Date;
  /** The signed note that names its successor. */
  readonly link: string;
}

/** Closed logs, the oldest first, in a transaction of the tenant. */
export async function readClosedLogs(tx: Queryable, { schema, tenantId }: Where): Promise<ClosedLog[]> {
  const rows = await tx.query<{ log: string; size: string; closedAt: Date; link: string }>(
    `select log, size, closed_at as "closedAt", link from ${schema}.audit_closed_logs
     where tenant_id = $1 order by closed_at`,
    [tenantId],
  );
  return rows.map((row) => ({ ...row, size: Number(row.size) }));
}

/** Entries of a closed log behind `after`, one page. */
export async function readClosedEntries(
  tx: Queryable,
  { schema, tenantId }: Where,
  { log, after }: { log: string; after: number },
): Promise<StoredEntry[]> {
  const rows = await tx.query<StoredEntry & { seq: string }>(
    `select seq, canonical, leaf_hash as "leafHash" from ${schema}.audit_closed_entries
     where tenant_id = $1 and log = $2 and seq > $3 and seq <= $3 + ${PAGE} order by seq`,
    [tenantId, log, after],
  );
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

/** The newest checkpoint of a closed log. */
export async function readClosedCheckpoint(
  tx: Queryable,
  { schema, tenantId }: Where,
  log: string,
): Promise<string | undefined> {
  const [row] = await tx.query<{ note: string }>(
    `select note from ${schema}.audit_closed_checkpoints
     where tenant_id = $1 and log = $2 order by size desc limit 1`,
    [tenantId, log],
  );
  return row?.note;
}

/** Keeps sequencers away until the transaction ends, and opens the tenant. The caller is the owner's member. */
export async function holdAsOwner(tx: Queryable, { schema, tenantId }: Where): Promise<void> {
  await tx.query('set local role userref_owner');
  await tx.query(
    `select set_config('userref.tenant', $1, true), set_config('statement_timeout', '0', true)`,
    [tenantId],
  );
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `userref.audit/${schema}/${tenantId}`,
  ]);
}

export interface NewLog {
  readonly old: { readonly log: string; readonly size: number };
  readonly log: string;
  readonly link: string;
  readonly data: Readonly<Record<string, string | number>>;
}

/** @throws an error with `code` UR001 when the old log is not where the caller saw it */
export async function insertNewLog(
  tx: Queryable,
  { schema, tenantId }: { schema: AuditSchema; tenantId: string },
  { old, log, link, data }: NewLog,
): Promise<void> {
  const entry = toRow({ tenantId, action: 'audit.log_begun', data });
  await tx.query(`select ${schema}.begin_audit_log($1, $2, $3, $4, $5, $6)`, [
    ...[tenantId, old.log, old.size, log, link, JSON.stringify(entry)],
  ]);
}
