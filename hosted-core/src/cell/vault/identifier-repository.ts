import type { Queryable } from '../../database/database.ts';
import type { BlindIndex } from './blind-index.ts';
import type { IdentifierField } from './normalise-identifier.ts';
import type { Person } from './subject-key-repository.ts';

export interface FieldOfTenant {
  readonly tenantId: string;
  readonly field: string;
}

export interface LookupBudget {
  readonly caller: string;
  /** Lookups a minute. */
  readonly limit: number;
}

/** SQL on `cell.identifiers` for what operators search by, and on `cell.lookup_callers`. */
export class IdentifierRepository {
  /** Replaces what is kept of these people in this field; nobody's rows are touched but theirs. */
  async replace(
    tx: Queryable,
    { tenantId, field }: { tenantId: string; field: IdentifierField },
    people: readonly { readonly subjectId: string; readonly indexes: readonly BlindIndex[] }[],
  ): Promise<void> {
    const rows = people.flatMap(({ subjectId, indexes }) =>
      indexes.map((index) => ({ subjectId, ...index })),
    );
    await tx.query(
      `with fresh as (
         select * from unnest($4::uuid[], $5::int[], $6::bytea[]) as t(subject_id, version, hmac)
       ), stale as (
         delete from cell.identifiers i where i.tenant_id = $1 and i.kind = $2 and i.subject_id = any($3::uuid[])
           and not exists (select 1 from fresh f where f.subject_id = i.subject_id and f.version = i.index_version)
       )
       insert into cell.identifiers (tenant_id, kind, index_version, index_hmac, subject_id)
       select $1, $2, f.version, f.hmac, f.subject_id from fresh f
       on conflict (tenant_id, subject_id, kind, index_version) where kind in ('email', 'phone')
       do update set index_hmac = excluded.index_hmac`,
      [
        ...[tenantId, field, people.map(({ subjectId }) => subjectId)],
        rows.map(({ subjectId }) => subjectId),
        rows.map(({ version }) => version),
        rows.map(({ hmac }) => hmac),
      ],
    );
  }

  /** Everybody with one of these indexes. The same statement, however many there are. */
  async find(
    tx: Queryable,
    { tenantId, field }: FieldOfTenant,
    indexes: readonly BlindIndex[],
  ): Promise<Person[]> {
    return tx.query<Person>(
      `select distinct i.tenant_id as "tenantId", i.subject_id as "subjectId"
       from unnest($3::int[], $4::bytea[]) as t(version, hmac)
       join cell.identifiers i on i.tenant_id = $1 and i.kind = $2 and i.index_version = t.version
         and i.index_hmac = t.hmac
       join cell.people p on p.tenant_id = $1 and p.subject_id = i.subject_id and p.status <> 'erased'
       order by 2`,
      [tenantId, field, indexes.map(({ version }) => version), indexes.map(({ hmac }) => hmac)],
    );
  }

  /** Counts a lookup of this minute; `false` when it is one too many. */
  async spend(tx: Queryable, tenantId: string, { caller, limit }: LookupBudget): Promise<boolean> {
    const [row] = await tx.query<{ lookups: number }>(
      `insert into cell.lookup_callers as c (tenant_id, caller, window_started_at, lookups)
       values ($1, $2, clock_timestamp(), 1)
       on conflict (tenant_id, caller) do update set
         lookups = case when c.window_started_at < clock_timestamp() - interval '1 minute' then 1
           else least(c.lookups + 1, 1000000) end,
         window_started_at = case when c.window_started_at < clock_timestamp() - interval '1 minute'
           then clock_timestamp() else c.window_started_at end
       returning lookups`,
      [tenantId, caller],
    );
    return (row?.lookups ?? Number.POSITIVE_INFINITY) <= limit;
  }

  /** People whose attribute has no index under this version yet, locked against their own writes. */
  lockWithout(
    tx: Queryable,
    {
      tenantId,
      field,
      attribute,
      toVersion,
      after,
      limit,
    }: FieldOfTenant & {
      attribute: string;
      toVersion: number;
      after: string | null;
      limit: number;
    },
  ): Promise<{ subject_id: string }[]> {
    return tx.query(
      `select p.subject_id from cell.people p
       where p.tenant_id = $1 and p.status <> 'erased'
         and p.subject_id > coalesce($5::uuid, '00000000-0000-0000-0000-000000000000')
         and exists (select 1 from cell.users_pii v
           where v.tenant_id = $1 and v.subject_id = p.subject_id and v.attribute = $3)
         and not exists (select 1 from cell.identifiers i
           where i.tenant_id = $1 and i.kind = $2 and i.subject_id = p.subject_id and i.index_version = $4)
       order by p.subject_id limit $6 for no key update of p skip locked`,
      [tenantId, field, attribute, toVersion, after, limit],
    );
  }

  /** Identifiers below a version that are not there under a newer one as well. */
  async countOnlyBelow(tx: Queryable, { tenantId, field }: FieldOfTenant, version: number): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(distinct i.subject_id)::float8 as count from cell.identifiers i
       where i.tenant_id = $1 and i.kind = $2 and i.index_version < $3 and not exists (
         select 1 from cell.identifiers n where n.tenant_id = $1 and n.kind = $2
           and n.subject_id = i.subject_id and n.index_version >= $3)`,
      [tenantId, field, version],
    );
    return row?.count ?? 0;
  }

  /** Identifiers of a version that are not there under any other as well. */
  async countOnly(tx: Queryable, { tenantId, field }: FieldOfTenant, version: number): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(distinct i.subject_id)::float8 as count from cell.identifiers i
       where i.tenant_id = $1 and i.kind = $2 and i.index_version = $3 and not exists (
         select 1 from cell.identifiers n where n.tenant_id = $1 and n.kind = $2
           and n.subject_id = i.subject_id and n.index_version <> $3)`,
      [tenantId, field, version],
    );
    return row?.count ?? 0;
  }

  /** Drops the identifiers below a version that are there under a newer one as well, or all of them. */
  async dropBelow(
    tx: Queryable,
    { tenantId, field }: FieldOfTenant,
    { version, all }: { version: number; all: boolean },
  ): Promise<void> {
    await tx.query(
      `delete from cell.identifiers i
       where i.tenant_id = $1 and i.kind = $2 and i.index_version < $3 and ($4 or exists (
         select 1 from cell.identifiers n where n.tenant_id = $1 and n.kind = $2
           and n.subject_id = i.subject_id and n.index_version >= $3))`,
      [tenantId, field, version, all],
    );
  }
}
