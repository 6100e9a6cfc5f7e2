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
  /** Under every key in use, newest first: two in the middle of a rotation. */
  readonly indexes: readonly { readonly hmac: Buffer; readonly version: number }[];
}

const PERSON = 'p.subject_id as "subjectId", p.audit_ref as "auditRef"';

/** Notes the identifier under newer keys too when it was found under an older one only. */
export async function findPersonByIdentifier(
  tx: Queryable,
  key: IdentifierKey,
): Promise<PersonRow | undefined> {
  const [row] = await tx.query<PersonRow & { found: number }>(
    `select ${PERSON}, count(*) over ()::int as found
     from unnest($3::int[], $4::bytea[]) as t(version, hmac)
     join cell.identifiers i on i.tenant_id = $1 and i.kind = $2 and i.index_version = t.version
       and i.index_hmac = t.hmac
     join cell.people p on p.tenant_id = i.tenant_id and p.subject_id = i.subject_id and p.status <> 'erased'
     order by i.index_version desc limit 1`,
    [key.tenantId, key.kind, versionsOf(key), hmacsOf(key)],
  );
  if (!row) return undefined;
  const { found, ...person } = row;
  if (found < key.indexes.length) await insertIdentifier(tx, key, person.subjectId);
  return person;
}

/** Makes a person with this identifier; `undefined` when another request has just made them. */
export async function insertPerson(tx: Queryable, key: IdentifierKey): Promise<PersonRow | undefined> {
  const [person] = await tx.query<PersonRow>(
    'insert into cell.people (tenant_id) values ($1) returning subject_id as "subjectId", audit_ref as "auditRef"',
    [key.tenantId],
  );
  if (!person) return undefined;
  const inserted = await insertIdentifier(tx, key, person.subjectId);
  return inserted === key.indexes.length ? person : undefined;
}

async function insertIdentifier(tx: Queryable, key: IdentifierKey, subjectId: string): Promise<number> {
  const inserted = await tx.query(
    `insert into cell.identifiers (tenant_id, kind, index_version, index_hmac, subject_id)
     select $1, $2, t.version, t.hmac, $5 from unnest($3::int[], $4::bytea[]) as t(version, hmac)
     on conflict do nothing returning 1`,
    [key.tenantId, key.kind, versionsOf(key), hmacsOf(key), subjectId],
  );
  return inserted.length;
}

function versionsOf({ indexes }: IdentifierKey): number[] {
  return indexes.map(({ version }) => version);
}

function hmacsOf({ indexes }: IdentifierKey): Buffer[] {
  return indexes.map(({ hmac }) => hmac);
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

/**
 * Keeps the person from being erased until the transaction ends, without keeping others from writing.
 * @returns `false` when there is no such person (any more)
 */
export async function holdPerson(tx: Queryable, key: PersonKey): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from cell.people where tenant_id = $1 and subject_id = $2 and status <> 'erased' for key share`,
    [key.tenantId, key.subjectId],
  );
  return rows.length === 1;
}
