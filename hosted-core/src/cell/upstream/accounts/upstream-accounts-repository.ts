import type { Queryable } from '../../../database/database.ts';
import type { PersonKey } from '../../people/people-repository.ts';
import type { BlindIndex } from '../../vault/blind-index.ts';

export type AccountState = 'active' | 'suspended' | 'deleted';
/** Attribute → keyed hash of the value that was imported last. */
export type ImportedHashes = Readonly<Record<string, string>>;

/** A person of ours and their account at the upstream, without its id. */
export interface LinkedAccount {
  readonly subjectId: string;
  readonly auditRef: string;
  readonly state: AccountState;
  /** The account's row is there; people from before it was kept get theirs when they are seen next. */
  readonly kept: boolean;
}

export interface StoredAccount extends LinkedAccount {
  /** Null when nothing was compared yet. */
  readonly imported: ImportedHashes | null;
  readonly profileHash: string | null;
  readonly accountRef: string;
  readonly sealedSub: Buffer;
}

const ACCOUNT = `p.subject_id as "subjectId", p.audit_ref as "auditRef", coalesce(a.state, 'active') as state,
  a.subject_id is not null as kept`;
const IMPORTED = 'case when checked_at is not null then imported end as imported';

/** One of the keyed hashes that an account may be found by, with the account's place in the caller's list. */
export type AccountIndex = BlindIndex & { readonly number: number };

/** The people of these accounts, with the number of the asked-for account that each has. */
export function findAccounts(
  tx: Queryable,
  tenantId: string,
  indexes: readonly AccountIndex[],
): Promise<(LinkedAccount & { readonly number: number })[]> {
  return tx.query(
    `select distinct on (t.number) ${ACCOUNT}, t.number
     from unnest($2::int[], $3::int[], $4::bytea[]) as t(number, version, hmac)
     cross join lateral (select i.subject_id from cell.identifiers i where i.tenant_id = $1
       and i.kind = 'upstream' and i.index_version = t.version and i.index_hmac = t.hmac limit 1) i
     join cell.people p on p.tenant_id = $1 and p.subject_id = i.subject_id and p.status <> 'erased'
     left join cell.upstream_accounts a on a.tenant_id = $1 and a.subject_id = p.subject_id
     order by t.number`,
    [
      tenantId,
      indexes.map(({ number }) => number),
      indexes.map(({ version }) => version),
      indexes.map(({ hmac }) => hmac),
    ],
  );
}

export async function findAccount(tx: Queryable, person: PersonKey): Promise<StoredAccount | undefined> {
  const [row] = await tx.query<StoredAccount>(
    `select ${ACCOUNT}, ${IMPORTED}, a.profile_hash as "profileHash", a.account_ref as "accountRef",
       a.sealed_sub as "sealedSub"
     from cell.people p join cell.upstream_accounts a using (tenant_id, subject_id)
     where p.tenant_id = $1 and p.subject_id = $2 and p.status <> 'erased'`,
    [person.tenantId, person.subjectId],
  );
  return row;
}

/** Keeps accounts that are not kept yet. */
export async function insertAccounts(
  tx: Queryable,
  tenantId: string,
  rows: readonly { subjectId: string; accountRef: string; sealedSub: Buffer }[],
): Promise<void> {
  await tx.query(
    `insert into cell.upstream_accounts (tenant_id, subject_id, account_ref, sealed_sub)
     select $1, t.* from unnest($2::uuid[], $3::uuid[], $4::bytea[]) as t on conflict do nothing`,
    [
      tenantId,
      rows.map(({ subjectId }) => subjectId),
      rows.map(({ accountRef }) => accountRef),
      rows.map(({ sealedSub }) => sealedSub),
    ],
  );
}

/** As they are now; null when nothing was compared yet. */
export async function importedHashes(tx: Queryable, person: PersonKey): Promise<ImportedHashes | null> {
  const [row] = await tx.query<{ imported: ImportedHashes | null }>(
    `select ${IMPORTED} from cell.upstream_accounts where tenant_id = $1 and subject_id = $2`,
    [person.tenantId, person.subjectId],
  );
  return row?.imported ?? null;
}

/** @param found.hash of the whole profile; null when it is not known which one the values are from */
export async function saveImported(
  tx: Queryable,
  person: PersonKey,
  { imported, hash }: { imported: ImportedHashes; hash: string | null },
): Promise<void> {
  await tx.query(
    `update cell.upstream_accounts set imported = $3, profile_hash = $4, checked_at = now()
     where tenant_id = $1 and subject_id = $2`,
    [person.tenantId, person.subjectId, JSON.stringify(imported), hash],
  );
}

export async function saveProfileHash(tx: Queryable, person: PersonKey, hash: string): Promise<void> {
  await tx.query(
    `update cell.upstream_accounts set profile_hash = $3, checked_at = now()
     where tenant_id = $1 and subject_id = $2`,
    [person.tenantId, person.subjectId, hash],
  );
}

/** Notes when these accounts changed there, as that service says. */
export async function saveChangeTimes(
  tx: Queryable,
  tenantId: string,
  changes: readonly { subjectId: string; changedThere: number }[],
): Promise<void> {
  if (changes.length === 0) return;
  await tx.query(
    `update cell.upstream_accounts a set changed_there = t.changed
     from unnest($2::uuid[], $3::bigint[]) as t(subject_id, changed)
     where a.tenant_id = $1 and a.subject_id = t.subject_id`,
    [tenantId, changes.map(({ subjectId }) => subjectId), changes.map(({ changedThere }) => changedThere)],
  );
}

/**
 * Changes the state of an account, and restricts its person or lifts a restriction that was ours.
 * @returns `false` when it was in that state already, or there is none
 */
export async function changeState(tx: Queryable, person: PersonKey, state: AccountState): Promise<boolean> {
  const key = [person.tenantId, person.subjectId];
  // The person first, then what is theirs: the order of every other writer.
  const [held] = await tx.query<{ status: string }>(
    `select status from cell.people where tenant_id = $1 and subject_id = $2 and status <> 'erased' for update`,
    key,
  );
  const [account] = await tx.query<{ state: AccountState; ours: boolean }>(
    `select state, restricted_here as ours from cell.upstream_accounts
     where tenant_id = $1 and subject_id = $2 for update`,
    key,
  );
  if (!held || !account || account.state === state) return false;
  const restrict = state !== 'active' && held.status === 'active';
  const lift = state === 'active' && account.ours && held.status === 'restricted';
  if (restrict || lift)
    await tx.query('update cell.people set status = $3 where tenant_id = $1 and subject_id = $2', [
      ...key,
      restrict ? 'restricted' : 'active',
    ]);
  await tx.query(
    `update cell.upstream_accounts set state = $3, restricted_here = $4, checked_at = now()
     where tenant_id = $1 and subject_id = $2`,
    [...key, state, state !== 'active' && (restrict || account.ours)],
  );
  return true;
}

/** Where the person's values came from: attribute → `upstream` or `person`. */
export async function attributeSources(tx: Queryable, person: PersonKey): Promise<Map<string, string>> {
  const rows = await tx.query<{ attribute: string; source: string }>(
    'select attribute, source from cell.users_pii where tenant_id = $1 and subject_id = $2',
    [person.tenantId, person.subjectId],
  );
  return new Map(rows.map(({ attribute, source }) => [attribute, source]));
}
