import type { Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';

export interface PersonKey {
  readonly tenantId: string;
  readonly subjectId: string;
}

export interface PersonRow {
  readonly subjectId: string;
  /** The name by which the audit log knows the person. */
  readonly auditRef: string;
}

export interface IdentifierKey {
  readonly tenantId: string;
  readonly kind: 'upstream';
  readonly hmac: Buffer;
  readonly version: number;
}

const PERSON = 'p.subject_id as "subjectId", p.audit_ref as "auditRef"';

export async function findPersonByIdentifier(
  tx: Queryable,
  key: IdentifierKey,
): Promise<PersonRow | undefined> {
  const [row] = await tx.query<PersonRow>(
    `select ${PERSON} from cell.identifiers i
     join cell.people p on p.tenant_id = i.tenant_id and p.subject_id = i.subject_id and p.status <> 'erased'
     where i.tenant_id = $1 and i.kind = $2 and i.index_version = $3 and i.index_hmac = $4`,
    [key.tenantId, key.kind, key.version, key.hmac],
  );
  return row;
}

/** Makes a person with this identifier; `undefined` when another request has just made them. */
export async function insertPerson(tx: Queryable, key: IdentifierKey): Promise<PersonRow | undefined> {
  const [person] = await tx.query<PersonRow>(
    'insert into cell.people (tenant_id) values ($1) returning subject_id as "subjectId", audit_ref as "auditRef"',
    [key.tenantId],
  );
  const [identifier] = await tx.query(
    `insert into cell.identifiers (tenant_id, kind, index_version, index_hmac, subject_id)
     values ($1, $2, $3, $4, $5) on conflict do nothing returning subject_id`,
    [key.tenantId, key.kind, key.version, key.hmac, person?.subjectId],
  );
  return identifier ? person : undefined;
}

/**
 * Takes the person's row for the rest of the transaction, so that decisions of one person come one by one.
 * @throws UserrefError `not_found`
 */
export async function lockPerson(tx: Queryable, key: PersonKey): Promise<PersonRow> {
  const [row] = await tx.query<PersonRow>(
    `select ${PERSON} from cell.people p
     where p.tenant_id = $1 and p.subject_id = $2 and p.status <> 'erased' for update`,
    [key.tenantId, key.subjectId],
  );
  if (!row) throw new UserrefError('not_found');
  return row;
}
