import type { Database, Queryable } from '../../database/database.ts';
import { type SealedColumns, type SealedValues, toSealedValues } from './stored-attributes.ts';
import type { Person } from './subject-key-repository.ts';

export interface SealedRow {
  readonly attribute: string;
  readonly class: string;
  readonly key_version: number;
  readonly row_rev: number;
  readonly schema_version: number;
  readonly value_enc: Buffer;
  readonly source: string;
}

export interface OwnAttributesRow {
  readonly epoch: number;
  readonly audit_ref: string;
  readonly sealed: SealedValues;
}

/** All SQL on `cell.users_pii`. */
export class AttributeRepository {
  /**
   * Locks the person until the transaction ends, so that writes of one person follow each other and none
   * slips past an erasure. Returns the epoch, or `undefined` when there is no such person (any more).
   */
  async lockPerson(tx: Queryable, { tenantId, subjectId }: Person): Promise<number | undefined> {
    const rows = await tx.query<{ epoch: number }>(
      `select epoch from cell.people
       where tenant_id = $1 and subject_id = $2 and status <> 'erased' for no key update`,
      [tenantId, subjectId],
    );
    return rows[0]?.epoch;
  }

  async revisions(
    tx: Queryable,
    { tenantId, subjectId }: Person,
    names: readonly string[],
  ): Promise<Map<string, number>> {
    const rows = await tx.query<{ attribute: string; row_rev: number }>(
      'select attribute, row_rev from cell.users_pii where tenant_id = $1 and subject_id = $2 and attribute = any($3)',
      [tenantId, subjectId, names],
    );
    return new Map(rows.map((row) => [row.attribute, row.row_rev]));
  }

  async upsert(tx: Queryable, { tenantId, subjectId }: Person, rows: readonly SealedRow[]): Promise<void> {
    await tx.query(
      `insert into cell.users_pii
         (tenant_id, subject_id, attribute, class, key_version, row_rev, schema_version, value_enc, source)
       select $1, $2, t.* from unnest($3::text[], $4::text[], $5::int[], $6::int[], $7::int[], $8::bytea[], $9::text[]) t
       on conflict (tenant_id, subject_id, attribute) do update set
         class = excluded.class, key_version = excluded.key_version, row_rev = excluded.row_rev,
         schema_version = excluded.schema_version, value_enc = excluded.value_enc,
         source = excluded.source, updated_at = now()`,
      [
        tenantId,
        subjectId,
        rows.map((row) => row.attribute),
        rows.map((row) => row.class),
        rows.map((row) => row.key_version),
        rows.map((row) => row.row_rev),
        rows.map((row) => row.schema_version),
        rows.map((row) => row.value_enc),
        rows.map((row) => row.source),
      ],
    );
  }

  /** Everything that is held about a person, sealed; `undefined` when there is no such person. */
  async readOwn(database: Database, { tenantId, subjectId }: Person): Promise<OwnAttributesRow | undefined> {
    const [row] = await database.query<Omit<OwnAttributesRow, 'sealed'> & SealedColumns>(
      'select epoch, audit_ref, stored, keys from cell.own_attributes($1, $2)',
      [tenantId, subjectId],
    );
    return row && { epoch: row.epoch, audit_ref: row.audit_ref, sealed: toSealedValues(row) };
  }
}
