import { appendAudit } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';

/** Where a key-encryption key is in its life. Only `active` encrypts; `disabled` and `destroyed` open nothing. */
export type KeyState = 'pre_active' | 'active' | 'decrypt_only' | 'disabled' | 'destroyed';

export interface KeyRow {
  readonly version: number;
  readonly state: KeyState;
  readonly root_key_id: string;
  readonly wrapped_key: Buffer | null;
}

/** Keys of one tenant and class in one region. */
export interface KeyScope {
  readonly tenantId: string;
  readonly region: string;
  readonly class: string;
}

/** All SQL on `cell.keys`. */
export class KeyRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All versions, newest first. */
  list({ tenantId, region, class: keyClass }: KeyScope): Promise<KeyRow[]> {
    return this.#database.inTenant(tenantId, (tx) =>
      tx.query<KeyRow>(
        `select version, state, root_key_id, wrapped_key from cell.keys
         where tenant_id = $1 and region = $2 and class = $3 order by version desc`,
        [tenantId, region, keyClass],
      ),
    );
  }

  /** Adds the first key. Does nothing when another process was faster: its key is the one to use. */
  async insertFirst(scope: KeyScope, key: { rootKeyId: string; wrappedKey: Buffer }): Promise<void> {
    const { tenantId, region, class: keyClass } = scope;
    await this.#database.inTenant(tenantId, async (tx) => {
      const inserted = await tx.query(
        `insert into cell.keys (tenant_id, region, class, version, state, root_key_id, wrapped_key)
         values ($1, $2, $3, 1, 'active', $4, $5) on conflict do nothing returning version`,
        [tenantId, region, keyClass, key.rootKeyId, key.wrappedKey],
      );
      if (inserted.length === 0) return;
      const data = { region, class: keyClass, version: 1 };
      await appendAudit(tx, 'cell', [{ tenantId, action: 'vault.key_created', data }]);
    });
  }
}
