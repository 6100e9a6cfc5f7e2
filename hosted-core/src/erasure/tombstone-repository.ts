import type { Queryable } from '../database/database.ts';
import type { NewTombstone, Tombstone, TombstoneHalf } from './tombstone.ts';

interface Row {
  readonly tenant_id: string;
  readonly tombstone_id: string;
  readonly sequence: string;
  readonly subject_sha256: string;
  readonly request_id: string;
  readonly erased_at: Date;
  readonly backups_until: Date;
}

const COLUMNS = `tenant_id, tombstone_id, sequence, encode(subject_sha256, 'hex') as subject_sha256, request_id,
  erased_at, backups_until`;

/** All SQL on the tombstones of one half, in transactions of the caller (opened by `inTenant`). */
export class TombstoneRepository {
  readonly #half: TombstoneHalf;
  readonly #people: string;

  constructor(half: TombstoneHalf) {
    this.#half = half;
    this.#people = half === 'core' ? 'core.subjects' : 'cell.people';
  }

  /** Writers of tombstones and of the ledger follow each other. The last lock that a transaction takes. */
  async lock(tx: Queryable, tenantId: string): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `userref-tombstones/${this.#half}/${tenantId}`,
    ]);
  }

  /** Gives the next number; {@link lock} must be held. */
  async insertNext(tx: Queryable, tombstone: NewTombstone): Promise<Tombstone> {
    const [row] = await tx.query<Row>(
      `insert into ${this.#half}.tombstones
         (tenant_id, sequence, subject_sha256, request_id, erased_at, backups_until)
       select $1::text, coalesce(max(sequence), 0) + 1, ${this.#half}.tombstone_hash($1, $2::uuid), $3::text, $4::timestamptz, $5::timestamptz
       from ${this.#half}.tombstones where tenant_id = $1
       returning ${COLUMNS}`,
      [
        tombstone.tenantId,
        tombstone.subjectId,
        tombstone.requestId,
        tombstone.erasedAt,
        tombstone.backupsUntil,
      ],
    );
    if (!row) throw new Error('a tombstone could not be written');
    return fromRow(row);
  }

  /** Puts one back as the ledger has it, unless another process has just done so. */
  async restore(tx: Queryable, tombstone: Tombstone): Promise<void> {
    await tx.query(
      `insert into ${this.#half}.tombstones
         (tenant_id, tombstone_id, sequence, subject_sha256, request_id, erased_at, backups_until)
       values ($1, $2, $3, decode($4, 'hex'), $5, $6, $7) on conflict do nothing`,
      [
        tombstone.tenantId,
        tombstone.tombstoneId,
        tombstone.sequence,
        tombstone.subjectSha256,
        tombstone.requestId,
        tombstone.erasedAt,
        tombstone.backupsUntil,
      ],
    );
    const { tenantId, sequence, tombstoneId } = tombstone;
    const own = await this.findBySequence(tx, tenantId, sequence);
    if (own?.tombstoneId !== tombstoneId)
      throw new Error(`Tombstone ${sequence} of the ledger is another one here. Run the replay again.`);
  }

  async findByRequest(tx: Queryable, tenantId: string, requestId: string): Promise<Tombstone | undefined> {
    return this.#one(tx, 'request_id = $2', [tenantId, requestId]);
  }

  async findBySubject(tx: Queryable, tenantId: string, subjectId: string): Promise<Tombstone | undefined> {
    const condition = `subject_sha256 = ${this.#half}.tombstone_hash($1, $2::uuid)`;
    return this.#one(tx, condition, [tenantId, subjectId]);
  }

  async findBySequence(tx: Queryable, tenantId: string, sequence: number): Promise<Tombstone | undefined> {
    return this.#one(tx, 'sequence = $2', [tenantId, sequence]);
  }

  /** In order, at most 1,000. */
  async after(tx: Queryable, tenantId: string, sequence: number): Promise<Tombstone[]> {
    const rows = await tx.query<Row>(
      `select ${COLUMNS} from ${this.#half}.tombstones
       where tenant_id = $1 and sequence > $2 order by tombstones.sequence limit 1000`,
      [tenantId, sequence],
    );
    return rows.map(fromRow);
  }

  /** Makes room: tombstones that only this database has go behind `sequence`. */
  async moveBehind(tx: Queryable, tenantId: string, move: { ids: readonly string[]; sequence: number }) {
    // Twice, since numbers must not meet on the way.
    await tx.query(
      `update ${this.#half}.tombstones set sequence = sequence + 1000000000000
       where tenant_id = $1 and tombstone_id = any ($2::uuid[])`,
      [tenantId, move.ids],
    );
    await tx.query(
      `update ${this.#half}.tombstones t set sequence = $3 + moved.position
       from (select tombstone_id, row_number() over (order by sequence) as position
         from ${this.#half}.tombstones where tenant_id = $1 and tombstone_id = any ($2::uuid[])) moved
       where t.tenant_id = $1 and t.tombstone_id = moved.tombstone_id`,
      [tenantId, move.ids, move.sequence],
    );
  }

  /** Who must not be here: the id of the person that the tombstone is of. */
  async findReturned(tx: Queryable, tombstone: Tombstone): Promise<string | undefined> {
    const [row] = await tx.query<{ subject_id: string }>(
      `select subject_id from ${this.#people}
       where ${this.#half}.tombstone_hash(tenant_id, subject_id) = decode($2, 'hex') and tenant_id = $1`,
      [tombstone.tenantId, tombstone.subjectSha256],
    );
    return row?.subject_id;
  }

  /** How many people are here that have a tombstone: more than none means that part of a backup came back. */
  async countReturned(tx: Queryable, tenantId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(*)::int as count from ${this.#half}.tombstones t join ${this.#people} p
         on ${this.#half}.tombstone_hash(p.tenant_id, p.subject_id) = t.subject_sha256 and p.tenant_id = $1
       where t.tenant_id = $1`,
      [tenantId],
    );
    return row?.count ?? 0;
  }

  async #one(tx: Queryable, condition: string, values: readonly unknown[]): Promise<Tombstone | undefined> {
    const [row] = await tx.query<Row>(
      `select ${COLUMNS} from ${this.#half}.tombstones where tenant_id = $1 and ${condition}`,
      values,
    );
    return row && fromRow(row);
  }
}

function fromRow(row: Row): Tombstone {
  return {
    tenantId: row.tenant_id,
    tombstoneId: row.tombstone_id,
    sequence: Number(row.sequence),
    subjectSha256: row.subject_sha256,
    requestId: row.request_id,
    erasedAt: row.erased_at,
    backupsUntil: row.backups_until,
  };
}
