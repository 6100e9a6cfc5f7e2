import type { Queryable } from '../../database/database.ts';
import type { ErasureQuery, ErasureRequest } from '../../wall/erasure.ts';
import type { PersonKey } from '../people/people-repository.ts';

/**
 * Takes the person's row from every other writer, also from those who only refer to it, and raises the epoch:
 * no cached key of theirs counts any more.
 * @returns `false` when there is no such person
 */
export async function holdForErasure(tx: Queryable, key: PersonKey): Promise<boolean> {
  const values = [key.tenantId, key.subjectId];
  const held = await tx.query(
    'select 1 from cell.people where tenant_id = $1 and subject_id = $2 for update',
    values,
  );
  if (held.length === 0) return false;
  await tx.query(
    `update cell.people set status = 'erased', epoch = epoch + 1 where tenant_id = $1 and subject_id = $2`,
    values,
  );
  return true;
}

/** The core is still to be told. */
export async function insertUnfinished(tx: Queryable, erasure: ErasureRequest): Promise<void> {
  await tx.query(
    `insert into cell.unfinished_erasures (tenant_id, request_id, subject_id) values ($1, $2, $3)
     on conflict do nothing`,
    [erasure.tenantId, erasure.requestId, erasure.subjectId],
  );
}

/** Whom the core is still to be told of. */
export async function findUnfinished(tx: Queryable, query: ErasureQuery): Promise<string | undefined> {
  const [row] = await tx.query<{ subject_id: string }>(
    'select subject_id from cell.unfinished_erasures where tenant_id = $1 and request_id = $2',
    [query.tenantId, query.requestId],
  );
  return row?.subject_id;
}

/** Erasures that the core is still to be told of. */
export async function listUnfinished(tx: Queryable, tenantId: string): Promise<string[]> {
  const rows = await tx.query<{ request_id: string }>(
    'select request_id from cell.unfinished_erasures where tenant_id = $1 order by request_id',
    [tenantId],
  );
  return rows.map((row) => row.request_id);
}

export async function deleteUnfinished(tx: Queryable, query: ErasureQuery): Promise<void> {
  await tx.query('delete from cell.unfinished_erasures where tenant_id = $1 and request_id = $2', [
    query.tenantId,
    query.requestId,
  ]);
}

/** Data keys whose person or envelope is not here: a backup of the keys alone came back. */
export async function deleteOrphanedKeys(tx: Queryable, tenantId: string): Promise<number> {
  const rows = await tx.query(
    `delete from cell_keys.subject_keys k where k.tenant_id = $1 and (not exists (
       select 1 from cell.people p where p.tenant_id = k.tenant_id and p.subject_id = k.subject_id)
       or k.class = 'sealed' and not exists (select 1 from cell.sealed_envelopes e
         where e.tenant_id = k.tenant_id and e.subject_id = k.subject_id and e.key_version = k.version))
     returning k.key_id`,
    [tenantId],
  );
  return rows.length;
}
