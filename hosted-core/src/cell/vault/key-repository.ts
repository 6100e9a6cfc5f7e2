import { type AuditEntry, appendAudit } from '../../audit/audit-log.ts';
import type { Database, Queryable } from '../../database/database.ts';

/** Where a key-encryption key is in its life. Only `active` encrypts; `disabled` and `destroyed` open nothing. */
export type KeyState = 'pre_active' | 'active' | 'decrypt_only' | 'disabled' | 'destroyed';

export interface KeyRow {
  readonly version: number;
  readonly state: KeyState;
  readonly root_key_id: string;
  readonly wrapped_key: Buffer | null;
  /** `min_decryption_version` of the class: versions below open nothing, whatever their state says. */
  readonly floor: number;
}

/** Keys of one tenant and class in one region. */
export interface KeyScope {
  readonly tenantId: string;
  readonly region: string;
  readonly class: string;
}

export interface NewKey {
  readonly version: number;
  readonly rootKeyId: string;
  readonly wrappedKey: Buffer;
}

/** Whether a version may still open. */
export interface KeyStanding {
  readonly class: string;
  readonly version: number;
  readonly state: KeyState;
  readonly floor: number;
}

/** Since when a version has been in its state, for operators. */
export interface KeyVersionFacts extends KeyStanding {
  readonly created_at: Date;
  readonly state_changed_at: Date;
}

const FLOOR = `coalesce((select f.min_decryption_version from cell.key_floors f
  where f.tenant_id = k.tenant_id and f.region = k.region and f.class = k.class), 1) as floor`;

/** All SQL on `cell.keys` and `cell.key_floors`. */
export class KeyRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All versions, newest first. */
  list(scope: KeyScope): Promise<KeyRow[]> {
    return this.#database.inTenant(scope.tenantId, (tx) => this.listIn(tx, scope));
  }

  listIn(tx: Queryable, { tenantId, region, class: keyClass }: KeyScope): Promise<KeyRow[]> {
    return tx.query<KeyRow>(
      `select k.version, k.state, k.root_key_id, k.wrapped_key, ${FLOOR} from cell.keys k
       where k.tenant_id = $1 and k.region = $2 and k.class = $3 order by k.version desc`,
      [tenantId, region, keyClass],
    );
  }

  /** How every version of every class of the tenant stands. */
  standing({ tenantId, region }: Omit<KeyScope, 'class'>): Promise<KeyStanding[]> {
    return this.#database.inTenant(tenantId, (tx) =>
      tx.query<KeyStanding>(
        `select k.class, k.version, k.state, ${FLOOR} from cell.keys k where k.tenant_id = $1 and k.region = $2`,
        [tenantId, region],
      ),
    );
  }

  /** Every version of every class of the tenant, without key material. */
  facts({ tenantId, region }: Omit<KeyScope, 'class'>): Promise<KeyVersionFacts[]> {
    return this.#database.inTenant(tenantId, (tx) =>
      tx.query<KeyVersionFacts>(
        `select k.class, k.version, k.state, k.created_at, k.state_changed_at, ${FLOOR} from cell.keys k
         where k.tenant_id = $1 and k.region = $2 order by k.class, k.version`,
        [tenantId, region],
      ),
    );
  }

  /** Adds the first key. Does nothing when another process was faster: its key is the one to use. */
  async insertFirst(scope: KeyScope, key: Omit<NewKey, 'version'>): Promise<void> {
    await this.#database.inTenant(scope.tenantId, async (tx) => {
      if (!(await insert(tx, scope, { ...key, version: 1 }, 'active'))) return;
      await appendAudit(tx, 'cell', [entry(scope, 'vault.key_created', 1)]);
    });
  }

  /** Publishes the next key, which opens and does not encrypt yet. `false`: somebody else has made this version. */
  async insertNext(tx: Queryable, scope: KeyScope, key: NewKey): Promise<boolean> {
    if (!(await insert(tx, scope, key, 'pre_active'))) return false;
    await appendAudit(tx, 'cell', [entry(scope, 'vault.key_created', key.version)]);
    return true;
  }

  /**
   * Makes a published version the one that encrypts. The old one opens on. `false` when the version is not
   * waiting for this; two processes at once cannot both succeed.
   */
  async flip(tx: Queryable, scope: KeyScope, version: number): Promise<boolean> {
    const at = [scope.tenantId, scope.region, scope.class];
    const [waiting] = await tx.query(
      `select 1 from cell.keys where tenant_id = $1 and region = $2 and class = $3 and version = $4
         and state = 'pre_active' for update`,
      [...at, version],
    );
    if (!waiting) return false;
    await tx.query(
      `update cell.keys set state = 'decrypt_only', state_changed_at = clock_timestamp()
       where tenant_id = $1 and region = $2 and class = $3 and state = 'active'`,
      at,
    );
    await tx.query(
      `update cell.keys set state = 'active', state_changed_at = clock_timestamp()
       where tenant_id = $1 and region = $2 and class = $3 and version = $4`,
      [...at, version],
    );
    await appendAudit(tx, 'cell', [entry(scope, 'vault.key_rotated', version)]);
    return true;
  }

  /**
   * Holds the rows of these versions, and with them every write that would still use one, until the
   * transaction ends.
   */
  async lockVersions(tx: Queryable, scope: KeyScope, below: number): Promise<KeyRow[]> {
    await tx.query(
      `select 1 from cell.keys where tenant_id = $1 and region = $2 and class = $3 and version < $4 for update`,
      [scope.tenantId, scope.region, scope.class, below],
    );
    return this.listIn(tx, scope);
  }

  /** Whether one of the versions below encrypted until a moment ago. */
  async recentlyActive(
    tx: Queryable,
    { tenantId, region, class: keyClass }: KeyScope,
    { below, seconds }: { below: number; seconds: number },
  ): Promise<boolean> {
    const rows = await tx.query(
      `select 1 from cell.keys where tenant_id = $1 and region = $2 and class = $3 and version < $4
         and state = 'decrypt_only' and state_changed_at > clock_timestamp() - make_interval(secs => $5)`,
      [tenantId, region, keyClass, below, seconds],
    );
    return rows.length > 0;
  }

  async raiseFloor(
    tx: Queryable,
    scope: KeyScope,
    { floor, leave }: { floor: number; leave: number },
  ): Promise<void> {
    const { tenantId, region, class: keyClass } = scope;
    await tx.query(
      `insert into cell.key_floors (tenant_id, region, class, min_decryption_version) values ($1, $2, $3, $4)
       on conflict (tenant_id, region, class) do update
       set min_decryption_version = excluded.min_decryption_version, raised_at = now()`,
      [tenantId, region, keyClass, floor],
    );
    await tx.query(
      `update cell.keys set state = 'disabled', state_changed_at = clock_timestamp()
       where tenant_id = $1 and region = $2 and class = $3 and version < $4 and state = 'decrypt_only'`,
      [tenantId, region, keyClass, floor],
    );
    const { data, ...rest } = entry(scope, 'vault.floor_raised', floor);
    await appendAudit(tx, 'cell', [{ ...rest, data: leave > 0 ? { ...data, left: leave } : data }]);
  }

  /** Erases the wrapped bytes. */
  async destroy(tx: Queryable, scope: KeyScope, version: number): Promise<void> {
    await tx.query(
      `update cell.keys set state = 'destroyed', wrapped_key = null, state_changed_at = clock_timestamp()
       where tenant_id = $1 and region = $2 and class = $3 and version = $4 and state = 'disabled'`,
      [scope.tenantId, scope.region, scope.class, version],
    );
    await appendAudit(tx, 'cell', [entry(scope, 'vault.key_destroyed', version)]);
  }
}

async function insert(tx: Queryable, scope: KeyScope, key: NewKey, state: KeyState): Promise<boolean> {
  const inserted = await tx.query(
    `insert into cell.keys (tenant_id, region, class, version, state, root_key_id, wrapped_key)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning version`,
    [scope.tenantId, scope.region, scope.class, key.version, state, key.rootKeyId, key.wrappedKey],
  );
  return inserted.length > 0;
}

function entry(
  { tenantId, region, class: keyClass }: KeyScope,
  action: AuditEntry['action'],
  version: number,
) {
  return { tenantId, action, data: { region, class: keyClass, version } };
}
