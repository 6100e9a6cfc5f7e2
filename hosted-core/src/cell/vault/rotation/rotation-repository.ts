import { appendAudit } from '../../../audit/audit-log.ts';
import type { Database, Queryable } from '../../../database/database.ts';
import type { KeyScope } from '../key-repository.ts';

/** `kek`: data keys are wrapped anew. `dek`: values are encrypted anew. `blind_index`: indexes are made anew. */
export type RotationKind = 'kek' | 'dek' | 'blind_index';

export interface RotationScope extends KeyScope {
  readonly kind: RotationKind;
}

export interface RotationRow {
  readonly kind: RotationKind;
  readonly class: string;
  readonly rotation_id: string;
  readonly to_version: number | null;
  readonly state: 'waiting' | 'migrating' | 'finished';
  readonly started_at: Date;
  readonly flip_at: Date;
  readonly finished_at: Date | null;
  readonly moved: number;
  readonly unreadable: number;
  readonly cursor_after: string | null;
  readonly per_second: number | null;
  /** Milliseconds until `flip_at` and `settled_at` on the database's clock; 0 when they are over. */
  readonly ms_to_flip: number;
  readonly ms_to_settle: number;
}

export interface Progress {
  readonly moved: number;
  readonly unreadable: number;
  /** The last person looked at. */
  readonly cursorAfter: string;
}

const MS_TO = (column: string) =>
  `greatest(0, ceil(extract(epoch from ${column} - clock_timestamp()) * 1000))::float8`;

const COLUMNS = `kind, class, rotation_id, to_version, state, started_at, flip_at, finished_at, moved::float8 as moved,
  unreadable::float8 as unreadable, cursor_after, per_second,
  ${MS_TO('flip_at')} as ms_to_flip, ${MS_TO('settled_at')} as ms_to_settle`;

/** The rate is taken over windows of so many seconds. */
const WINDOW_SECONDS = 5;

/** All SQL on `cell.key_rotations`. */
export class RotationRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** `false` when a rotation of this kind and class is under way already. */
  async start(
    tx: Queryable,
    scope: RotationScope,
    plan: { toVersion: number | null; graceSeconds: number; settleSeconds: number },
  ): Promise<boolean> {
    const { tenantId, region, kind, class: keyClass } = scope;
    const rows = await tx.query(
      `insert into cell.key_rotations (tenant_id, region, kind, class, to_version, flip_at, settled_at)
       values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6),
         clock_timestamp() + make_interval(secs => $6 + $7))
       on conflict do nothing returning rotation_id`,
      [tenantId, region, kind, keyClass, plan.toVersion, plan.graceSeconds, plan.settleSeconds],
    );
    if (rows.length === 0) return false;
    const data = { region, kind, class: keyClass };
    await appendAudit(tx, 'cell', [{ tenantId, action: 'vault.rotation_started', data }]);
    return true;
  }

  /** The rotation under way, if there is one. */
  async underWay({
    tenantId,
    region,
    kind,
    class: keyClass,
  }: RotationScope): Promise<RotationRow | undefined> {
    const [row] = await this.#database.inTenant(tenantId, (tx) =>
      tx.query<RotationRow>(
        `select ${COLUMNS} from cell.key_rotations
         where tenant_id = $1 and region = $2 and kind = $3 and class = $4 and state <> 'finished'`,
        [tenantId, region, kind, keyClass],
      ),
    );
    return row;
  }

  /** The latest rotation of each kind and class. */
  latest({ tenantId, region }: { tenantId: string; region: string }): Promise<RotationRow[]> {
    return this.#database.inTenant(tenantId, (tx) =>
      tx.query<RotationRow>(
        `select distinct on (kind, class) ${COLUMNS} from cell.key_rotations
         where tenant_id = $1 and region = $2 order by kind, class, started_at desc`,
        [tenantId, region],
      ),
    );
  }

  async migrating(tx: Queryable, scope: RotationScope, rotationId: string): Promise<void> {
    await tx.query(`update cell.key_rotations set state = 'migrating' where ${ONE} and state = 'waiting'`, [
      ...keyOf(scope, rotationId),
    ]);
  }

  /** Notes a batch, in its own transaction: what was done and what was noted cannot part. */
  async advance(
    tx: Queryable,
    scope: RotationScope,
    { rotationId, moved, unreadable, cursorAfter }: Progress & { rotationId: string },
  ): Promise<void> {
    const over = `window_at < clock_timestamp() - interval '${WINDOW_SECONDS} seconds'`;
    await tx.query(
      `update cell.key_rotations set
         moved = moved + $6, unreadable = unreadable + $7, cursor_after = greatest(cursor_after, $8),
         per_second = case when ${over}
           then (window_moved + $6) / extract(epoch from clock_timestamp() - window_at) else per_second end,
         window_moved = case when ${over} then 0 else window_moved + $6 end,
         window_at = case when window_at is null or ${over} then clock_timestamp() else window_at end
       where ${ONE} and state = 'migrating'`,
      [...keyOf(scope, rotationId), moved, unreadable, cursorAfter],
    );
  }

  /** From the beginning again: some rows were locked or written while the last pass went by. */
  async nextPass(tx: Queryable, scope: RotationScope, rotationId: string): Promise<void> {
    await tx.query(
      `update cell.key_rotations set cursor_after = null, unreadable = 0 where ${ONE} and state = 'migrating'`,
      keyOf(scope, rotationId),
    );
  }

  async finish(tx: Queryable, scope: RotationScope, rotationId: string): Promise<void> {
    const finished = await tx.query(
      `update cell.key_rotations set state = 'finished', finished_at = clock_timestamp(), cursor_after = null
       where ${ONE} and state = 'migrating' returning 1`,
      keyOf(scope, rotationId),
    );
    if (finished.length === 0) return;
    const data = { region: scope.region, kind: scope.kind, class: scope.class };
    await appendAudit(tx, 'cell', [{ tenantId: scope.tenantId, action: 'vault.rotation_finished', data }]);
  }
}

const ONE = 'tenant_id = $1 and region = $2 and kind = $3 and class = $4 and rotation_id = $5';

function keyOf(scope: RotationScope, rotationId: string): string[] {
  return [scope.tenantId, scope.region, scope.kind, scope.class, rotationId];
}

/** Counting a whole table may take longer than a request's statement may. For this transaction only. */
export async function allowLongCount(tx: Queryable): Promise<void> {
  await tx.query(`set local statement_timeout = '600s'`);
}
