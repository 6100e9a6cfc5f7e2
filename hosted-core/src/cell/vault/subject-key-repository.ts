import type { Queryable } from '../../database/database.ts';

export interface SubjectKeyRow {
  readonly class: string;
  readonly version: number;
  readonly key_id: string;
  readonly kek_version: number;
  readonly wrapped_dek: Buffer;
}

/** One encryption under a key. */
export interface KeyUse {
  readonly class: string;
  readonly keyVersion: number;
}

export interface Person {
  readonly tenantId: string;
  readonly subjectId: string;
}

/** All SQL on `cell_keys.subject_keys`, in the caller's transaction. */
export class SubjectKeyRepository {
  /** The newest key of each class that the person has one for. */
  newest(
    tx: Queryable,
    { tenantId, subjectId }: Person,
    classes: readonly string[],
  ): Promise<SubjectKeyRow[]> {
    return tx.query<SubjectKeyRow>(
      `select distinct on (class) class, version, key_id, kek_version, wrapped_dek from cell_keys.subject_keys
       where tenant_id = $1 and subject_id = $2 and class = any($3) order by class, version desc`,
      [tenantId, subjectId, classes],
    );
  }

  async insert(tx: Queryable, { tenantId, subjectId }: Person, key: SubjectKeyRow): Promise<void> {
    await tx.query(
      `insert into cell_keys.subject_keys
         (tenant_id, subject_id, class, version, key_id, kek_version, wrapped_dek)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [tenantId, subjectId, key.class, key.version, key.key_id, key.kek_version, key.wrapped_dek],
    );
  }

  /** Counts encryptions; the table refuses more than 2^28 under one key. */
  async countEncryptions(
    tx: Queryable,
    { tenantId, subjectId }: Person,
    uses: readonly KeyUse[],
  ): Promise<void> {
    await tx.query(
      `update cell_keys.subject_keys k set encryptions = k.encryptions + u.uses
       from (select class, version, count(*) as uses from unnest($3::text[], $4::int[]) as t(class, version)
             group by class, version) u
       where k.tenant_id = $1 and k.subject_id = $2 and k.class = u.class and k.version = u.version`,
      [tenantId, subjectId, uses.map((use) => use.class), uses.map((use) => use.keyVersion)],
    );
  }
}
