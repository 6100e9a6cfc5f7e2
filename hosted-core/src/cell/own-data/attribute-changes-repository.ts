import type { Queryable } from '../../database/database.ts';
import type { PersonKey } from '../people/people-repository.ts';

export interface AttributeChange extends PersonKey {
  readonly changeId: string;
  readonly attributes: readonly string[];
  readonly occurredAt: Date;
}

export async function insertAttributeChange(tx: Queryable, change: AttributeChange): Promise<void> {
  await tx.query(
    `insert into cell.attribute_changes (tenant_id, change_id, subject_id, attributes, occurred_at)
     values ($1, $2, $3, $4, $5)`,
    [change.tenantId, change.changeId, change.subjectId, change.attributes, change.occurredAt],
  );
}

export async function findAttributeChange(
  tx: Queryable,
  { tenantId, changeId }: { tenantId: string; changeId: string },
): Promise<AttributeChange | undefined> {
  const [row] = await tx.query<Omit<AttributeChange, 'tenantId' | 'changeId'>>(
    `select subject_id as "subjectId", attributes, occurred_at as "occurredAt"
     from cell.attribute_changes where tenant_id = $1 and change_id = $2`,
    [tenantId, changeId],
  );
  return row && { tenantId, changeId, ...row };
}

/** For how long a change can be told again, in milliseconds. What there is to see of it stands in the audit log. */
export const KEEP_CHANGES_MS = 30 * 86_400_000;

export async function deleteOldChanges(
  tx: Queryable,
  { tenantId, before }: { tenantId: string; before: Date },
): Promise<void> {
  await tx.query('delete from cell.attribute_changes where tenant_id = $1 and occurred_at < $2', [
    tenantId,
    before,
  ]);
}

/** Sites that may read any of these attributes of the person now, with which. */
export function readersOf(
  tx: Queryable,
  query: PersonKey & { attributes: readonly string[]; now: Date },
): Promise<{ siteId: string; attributes: string[] }[]> {
  return tx.query<{ siteId: string; attributes: string[] }>(
    `select site_id as "siteId", array_agg(distinct attribute order by attribute) as attributes
     from cell.consents where tenant_id = $1 and subject_id = $2 and attribute = any ($3)
       and state = 'granted' and expires_at > $4
     group by site_id order by site_id`,
    [query.tenantId, query.subjectId, query.attributes, query.now],
  );
}

/** When the person or their sign-in service last changed the value, by attribute. */
export async function lastChanges(tx: Queryable, person: PersonKey): Promise<Map<string, Date>> {
  const rows = await tx.query<{ attribute: string; updatedAt: Date }>(
    'select attribute, updated_at as "updatedAt" from cell.users_pii where tenant_id = $1 and subject_id = $2',
    [person.tenantId, person.subjectId],
  );
  return new Map(rows.map(({ attribute, updatedAt }) => [attribute, updatedAt]));
}
