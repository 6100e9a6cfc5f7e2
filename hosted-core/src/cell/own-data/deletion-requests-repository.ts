import type { Queryable } from '../../database/database.ts';
import type { PersonKey } from '../people/people-repository.ts';

export interface DeletionRequest extends PersonKey {
  readonly requestId: string;
  readonly requestedAt: Date;
  readonly dueAt: Date;
}

const COLUMNS = `tenant_id as "tenantId", subject_id as "subjectId", request_id as "requestId",
  requested_at as "requestedAt", due_at as "dueAt"`;

export async function findDeletion(tx: Queryable, person: PersonKey): Promise<DeletionRequest | undefined> {
  const [row] = await tx.query<DeletionRequest>(
    `select ${COLUMNS} from cell.deletion_requests where tenant_id = $1 and subject_id = $2`,
    [person.tenantId, person.subjectId],
  );
  return row;
}

export async function insertDeletion(tx: Queryable, request: DeletionRequest): Promise<void> {
  await tx.query(
    `insert into cell.deletion_requests (tenant_id, subject_id, request_id, requested_at, due_at)
     values ($1, $2, $3, $4, $5)`,
    [request.tenantId, request.subjectId, request.requestId, request.requestedAt, request.dueAt],
  );
}

/** @returns `false` when there was none whose time had not come */
export async function deleteDeletion(tx: Queryable, person: PersonKey & { now: Date }): Promise<boolean> {
  const rows = await tx.query(
    'delete from cell.deletion_requests where tenant_id = $1 and subject_id = $2 and due_at > $3 returning 1',
    [person.tenantId, person.subjectId, person.now],
  );
  return rows.length === 1;
}

/** Requests whose time came before `before`, the earliest first. */
export function dueDeletions(
  tx: Queryable,
  query: { tenantId: string; before: Date; limit: number },
): Promise<DeletionRequest[]> {
  return tx.query<DeletionRequest>(
    `select ${COLUMNS} from cell.deletion_requests where tenant_id = $1 and due_at < $2
     order by due_at limit $3`,
    [query.tenantId, query.before, query.limit],
  );
}

/** No site reads anything of the person from the commit on. The restriction is ours now, not the upstream's to lift. */
export async function restrictPerson(tx: Queryable, person: PersonKey): Promise<void> {
  const key = [person.tenantId, person.subjectId];
  await tx.query(
    `update cell.people set status = 'restricted' where tenant_id = $1 and subject_id = $2 and status = 'active'`,
    key,
  );
  await tx.query(
    'update cell.upstream_accounts set restricted_here = false where tenant_id = $1 and subject_id = $2',
    key,
  );
}

/** Lifts {@link restrictPerson}, unless the account at the sign-in service is suspended: then that one may lift it. */
export async function unrestrictPerson(tx: Queryable, person: PersonKey): Promise<void> {
  const key = [person.tenantId, person.subjectId];
  const suspended = await tx.query(
    `update cell.upstream_accounts set restricted_here = true
     where tenant_id = $1 and subject_id = $2 and state <> 'active' returning 1`,
    key,
  );
  if (suspended.length > 0) return;
  await tx.query(
    `update cell.people set status = 'active' where tenant_id = $1 and subject_id = $2 and status = 'restricted'`,
    key,
  );
}
