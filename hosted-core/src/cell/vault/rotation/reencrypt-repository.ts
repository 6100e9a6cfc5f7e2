import type { Queryable } from '../../../database/database.ts';
import type { KeysOfClass, SubjectKeyOfPerson } from './rewrap-repository.ts';

export interface PersonRow {
  readonly subject_id: string;
  readonly epoch: number;
}

export interface SealedValueOfPerson {
  readonly subject_id: string;
  readonly attribute: string;
  readonly class: string;
  readonly key_version: number;
  readonly row_rev: number;
  readonly schema_version: number;
  readonly value_enc: Buffer;
}

interface People {
  readonly tenantId: string;
  readonly subjectIds: readonly string[];
}

/** A value sealed anew, and which state of its row it was made from. */
export interface ResealedValue {
  readonly was: Pick<SealedValueOfPerson, 'subject_id' | 'attribute' | 'key_version' | 'row_rev'>;
  readonly keyVersion: number;
  readonly valueEnc: Buffer;
}

const VALUE = 'subject_id, attribute, class, key_version, row_rev, schema_version, value_enc';

/** SQL for re-encryption: the keys and values of many people at a time. */
export class ReencryptRepository {
  /**
   * The next people with a data key of this class from before the rotation. Whoever is writing just now is
   * left for the next pass; the others cannot write until the transaction ends.
   */
  lockPeople(
    tx: Queryable,
    {
      tenantId,
      class: keyClass,
      rotationId,
      after,
      limit,
    }: KeysOfClass & {
      rotationId: string;
      after: string | null;
      limit: number;
    },
  ): Promise<PersonRow[]> {
    return tx.query<PersonRow>(
      `select p.subject_id, p.epoch from cell.people p
       where p.tenant_id = $1 and p.status <> 'erased'
         and p.subject_id > coalesce($4::uuid, '00000000-0000-0000-0000-000000000000')
         and exists (select 1 from cell_keys.subject_keys k
           where k.tenant_id = $1 and k.subject_id = p.subject_id and k.class = $2 and k.created_at < ${STARTED})
       order by p.subject_id limit $5 for no key update of p skip locked`,
      [tenantId, keyClass, rotationId, after, limit],
    );
  }

  /** All keys of the class, newest first. */
  keys(
    tx: Queryable,
    { tenantId, class: keyClass, subjectIds }: KeysOfClass & People,
  ): Promise<SubjectKeyOfPerson[]> {
    return tx.query<SubjectKeyOfPerson>(
      `select subject_id, class, version, key_id, kek_version, wrapped_dek from cell_keys.subject_keys
       where tenant_id = $1 and class = $2 and subject_id = any($3) order by subject_id, version desc`,
      [tenantId, keyClass, subjectIds],
    );
  }

  values(
    tx: Queryable,
    { tenantId, class: keyClass, subjectIds }: KeysOfClass & People,
  ): Promise<SealedValueOfPerson[]> {
    return tx.query<SealedValueOfPerson>(
      `select ${VALUE} from cell.users_pii
       where tenant_id = $1 and class = $2 and subject_id = any($3) order by subject_id, attribute`,
      [tenantId, keyClass, subjectIds],
    );
  }

  /** Puts values in the place of the very ones that they were made from. A person's own write in between wins. */
  async swap(tx: Queryable, tenantId: string, values: readonly ResealedValue[]): Promise<number> {
    const swapped = await tx.query(
      `update cell.users_pii v set key_version = t.new_version, value_enc = t.value_enc
       from unnest($2::uuid[], $3::text[], $4::int[], $5::int[], $6::int[], $7::bytea[])
         as t(subject_id, attribute, key_version, row_rev, new_version, value_enc)
       where v.tenant_id = $1 and v.subject_id = t.subject_id and v.attribute = t.attribute
         and v.key_version = t.key_version and v.row_rev = t.row_rev
       returning 1`,
      [
        tenantId,
        values.map(({ was }) => was.subject_id),
        values.map(({ was }) => was.attribute),
        values.map(({ was }) => was.key_version),
        values.map(({ was }) => was.row_rev),
        values.map(({ keyVersion }) => keyVersion),
        values.map(({ valueEnc }) => valueEnc),
      ],
    );
    return swapped.length;
  }

  /**
   * Deletes the keys that have a newer one and no value left. A key in memory is only ever used together with
   * its row, so nobody uses these any longer. The epoch stays: it would refuse reads that are under way.
   */
  async dropUnused(
    tx: Queryable,
    { tenantId, class: keyClass, subjectIds }: KeysOfClass & People,
  ): Promise<void> {
    await tx.query(
      `delete from cell_keys.subject_keys k
       where k.tenant_id = $1 and k.class = $2 and k.subject_id = any($3)
         and exists (select 1 from cell_keys.subject_keys n where n.tenant_id = $1
           and n.subject_id = k.subject_id and n.class = k.class and n.version > k.version)
         and not exists (select 1 from cell.users_pii v where v.tenant_id = $1
           and v.subject_id = k.subject_id and v.class = k.class and v.key_version = k.version)`,
      [tenantId, keyClass, subjectIds],
    );
  }

  /** How many people have data keys of the class that are older than the rotation. */
  async countOld(
    tx: Queryable,
    { tenantId, class: keyClass, rotationId }: KeysOfClass & { rotationId: string },
  ): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(distinct k.subject_id)::float8 as count from cell_keys.subject_keys k
       where k.tenant_id = $1 and k.class = $2 and k.created_at < ${STARTED}`,
      [tenantId, keyClass, rotationId],
    );
    return row?.count ?? 0;
  }
}

/** In SQL, for the microseconds that a JavaScript date has not. */
const STARTED =
  '(select r.started_at from cell.key_rotations r where r.tenant_id = $1 and r.rotation_id = $3)';
