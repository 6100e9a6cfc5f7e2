import type { Queryable } from '../database/database.ts';
import type { PendingEntry } from './audit-entry.ts';
import type { Chain } from './chain.ts';
import { HASH_BYTES } from './merkle-hash.ts';
import type { TreeNode } from './tree-frontier.ts';

/** How far a log has got. */
export interface ChainHead {
  readonly log: string;
  readonly size: number;
  readonly head: Buffer;
  readonly frontier: Buffer;
}

/** A batch, worked out and ready to be written. */
export interface SequencedBatch {
  readonly after: ChainHead;
  readonly entryIds: readonly string[];
  readonly entries: readonly Buffer[];
  readonly leaves: readonly Buffer[];
  readonly frontier: Buffer;
  readonly nodes: readonly TreeNode[];
}

/** SQLSTATE of `commit_audit` when somebody else wrote first. */
export const FENCED = 'UR001';

type Where = Pick<Chain, 'schema' | 'tenantId'>;

/** Whether anything waits; opens no transaction, so that waiting costs next to nothing. */
export async function isAnythingPending(tx: Queryable, { schema, tenantId }: Where): Promise<boolean> {
  const rows = await tx.query<{ waiting: boolean }>(`select ${schema}.audit_waiting($1) as waiting`, [
    tenantId,
  ]);
  return rows[0]?.waiting ?? false;
}

/** Takes the chain until the transaction ends; `undefined` when another sequencer has it. */
export async function claimChain(tx: Queryable, { schema, tenantId }: Where): Promise<ChainHead | undefined> {
  const rows = await tx.query<HeadRow>(`select * from ${schema}.claim_audit($1)`, [tenantId]);
  return rows[0] && toHead(rows[0]);
}

/** The head as it stands, in a transaction of the tenant; `undefined` before the first entry. */
export async function readHead(tx: Queryable, { schema, tenantId }: Where): Promise<ChainHead | undefined> {
  const rows = await tx.query<HeadRow>(
    `select log, size, head, frontier from ${schema}.audit_heads where tenant_id = $1`,
    [tenantId],
  );
  return rows[0] && toHead(rows[0]);
}

/** The oldest rows that wait, in a transaction of the tenant. */
export function readPending(
  tx: Queryable,
  { schema, tenantId }: Where,
  limit: number,
): Promise<PendingEntry[]> {
  return tx.query<PendingEntry>(
    `select entry_id as "entryId",
       to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time,
       action, site_id as "siteId", subject_ref as "subjectRef", request_id as "requestId", data
     from ${schema}.audit_pending where tenant_id = $1 order by entry_id limit $2`,
    [tenantId, limit],
  );
}

/** @throws an error with `code` {@link FENCED} when the head is another one than the batch was made for */
export async function commitBatch(
  tx: Queryable,
  { schema, tenantId }: Where,
  batch: SequencedBatch,
): Promise<void> {
  let end = 0;
  const ends = batch.entries.map((entry) => {
    end += entry.length;
    return end;
  });
  await tx.query(`select ${schema}.commit_audit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, [
    tenantId,
    batch.after.size,
    batch.after.head,
    batch.entryIds,
    ends,
    Buffer.concat(batch.entries, end),
    Buffer.concat(batch.leaves, batch.leaves.length * HASH_BYTES),
    batch.frontier,
    batch.nodes.map((node) => node.level),
    batch.nodes.map((node) => node.index),
    Buffer.concat(batch.nodes.map((node) => node.hash)),
  ]);
}

interface HeadRow {
  readonly log: string;
  readonly size: string;
  readonly head: Buffer;
  readonly frontier: Buffer;
}

function toHead({ log, size, head, frontier }: HeadRow): ChainHead {
  return { log, size: Number(size), head, frontier };
}
