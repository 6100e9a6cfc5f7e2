import type { Queryable } from '../../database/database.ts';

export interface SubjectKeyRow {
  readonly class: string;
  readonly version: number;
  readonly key_id: string;
  readonly kek_version: number;
  readonly wrapped_dek: Buffer;
}

/** The newest key of a class, which may be one that was set aside because it does not open. */
export interface NewestKeyRow extends SubjectKeyRow {
  readonly is_aside: boolean;
}

/** One encryption under a key. */
export interface KeyUse {
  readonly class: string;
  readonly key_version: number;
}

export interface Person {
  readonly tenantId: string;
  readonly subjectId: string;
}

/** Data keys of one class, wrapped under one version. */
export interface NewSubjectKeys {
  readonly tenantId: string;
  readonly region: string;
  readonly class: string;
  readonly kekVersion: number;
  readonly graceSeconds: number;
  readonly keys: readonly {
    readonly subjectId: string;
    readonly version: number;
    readonly keyId: string;
    readonly wrapped: Buffer;
    /** How many values it seals right away. */
    readonly encryptions: number;
  }[];
}

/** All SQL on `cell_keys.subject_keys`, in the caller's transaction. */
export class SubjectKeyRepository {
  /** The newest key of each class that the person has one for. */
  newest(
    tx: Queryable,
    { tenantId, subjectId }: Person,
    classes: readonly string[],
  ): Promise<NewestKeyRow[]> {
    return tx.query<NewestKeyRow>(
      `select distinct on (class) class, version, key_id, kek_version, wrapped_dek,
         quarantined_at is not null as is_aside
       from cell_keys.subject_keys
       where tenant_id = $1 and subject_id = $2 and class = any($3) order by class, version desc`,
      [tenantId, subjectId, classes],
    );
  }

  /**
   * Adds keys, unless the version that wraps them must no longer be used: only the active one may, and for
   * `graceSeconds` the one before, which other processes may still take for the active one. `false` then,
   * and nothing is added. Holds that version as it is until the transaction ends.
   */
  async insert(tx: Queryable, { tenantId, ...batch }: NewSubjectKeys): Promise<boolean> {
    const { keys } = batch;
    const inserted = await tx.query(
      `with kek as (
         select 1 from cell.keys
         where tenant_id = $1 and region = $2 and class = $3 and version = $4 and (state = 'active' or
           (state = 'decrypt_only' and state_changed_at > clock_timestamp() - make_interval(secs => $5)))
         for share
       )
       insert into cell_keys.subject_keys
         (tenant_id, class, kek_version, subject_id, version, key_id, wrapped_dek, encryptions, created_at)
       select $1, $3, $4, t.*, clock_timestamp() from kek,
         unnest($6::uuid[], $7::int[], $8::uuid[], $9::bytea[], $10::bigint[]) t
       returning version`,
      [
        ...[tenantId, batch.region, batch.class, batch.kekVersion, batch.graceSeconds],
        keys.map((key) => key.subjectId),
        keys.map((key) => key.version),
        keys.map((key) => key.keyId),
        keys.map((key) => key.wrapped),
        keys.map((key) => key.encryptions),
      ],
    );
    return inserted.length === keys.length;
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
      [tenantId, subjectId, uses.map((use) => use.class), uses.map((use) => use.key_version)],
    );
  }
}
