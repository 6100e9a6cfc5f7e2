import type { Queryable } from '../../../database/database.ts';
import type { SubjectKeyRow } from '../subject-key-repository.ts';

export interface SubjectKeyOfPerson extends SubjectKeyRow {
  readonly subject_id: string;
}

export interface KeysOfClass {
  readonly tenantId: string;
  readonly class: string;
}

/** SQL on `cell_keys.subject_keys` for rewrapping: many people at a time. */
export class RewrapRepository {
  /** The next keys that an older version wraps. Rows that somebody holds are left for the next pass. */
  lockBelow(
    tx: Queryable,
    {
      tenantId,
      class: keyClass,
      toVersion,
      after,
      limit,
    }: KeysOfClass & {
      toVersion: number;
      after: string | null;
      limit: number;
    },
  ): Promise<SubjectKeyOfPerson[]> {
    return tx.query<SubjectKeyOfPerson>(
      `select subject_id, class, version, key_id, kek_version, wrapped_dek from cell_keys.subject_keys
       where tenant_id = $1 and class = $2 and kek_version < $3 and quarantined_at is null
         and subject_id > coalesce($4::uuid, '00000000-0000-0000-0000-000000000000')
       order by subject_id, version limit $5 for no key update skip locked`,
      [tenantId, keyClass, toVersion, after, limit],
    );
  }

  /** Puts new wraps in the place of the ones that they were made from, and of no others. Returns how many. */
  async swap(
    tx: Queryable,
    {
      tenantId,
      class: keyClass,
      toVersion,
      keys,
    }: KeysOfClass & {
      toVersion: number;
      keys: readonly { was: SubjectKeyOfPerson; wrapped: Buffer }[];
    },
  ): Promise<number> {
    const swapped = await tx.query(
      `update cell_keys.subject_keys k set kek_version = $3, wrapped_dek = t.wrapped
       from unnest($4::uuid[], $5::int[], $6::uuid[], $7::int[], $8::bytea[])
         as t(subject_id, version, key_id, kek_version, wrapped)
       where k.tenant_id = $1 and k.class = $2 and k.subject_id = t.subject_id and k.version = t.version
         and k.key_id = t.key_id and k.kek_version = t.kek_version
       returning 1`,
      [
        ...[tenantId, keyClass, toVersion],
        keys.map(({ was }) => was.subject_id),
        keys.map(({ was }) => was.version),
        keys.map(({ was }) => was.key_id),
        keys.map(({ was }) => was.kek_version),
        keys.map(({ wrapped }) => wrapped),
      ],
    );
    return swapped.length;
  }

  /** How many keys versions from `from` to just below `below` wrap, but for those that were set aside. */
  async count(
    tx: Queryable,
    { tenantId, class: keyClass, from = 1, below }: KeysOfClass & { from?: number; below: number },
  ): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(*)::float8 as count from cell_keys.subject_keys
       where tenant_id = $1 and class = $2 and kek_version >= $3 and kek_version < $4 and quarantined_at is null`,
      [tenantId, keyClass, from, below],
    );
    return row?.count ?? 0;
  }
}
