import { appendAudit } from '../../../audit/audit-log.ts';
import type { Database } from '../../../database/database.ts';
import type { WrappedKey } from '../../kms/key-wrapper.ts';
import type { KeyScope } from '../key-repository.ts';

/** A key of the vault as a root key wraps it. */
export interface RootedKey {
  readonly class: string;
  readonly version: number;
  readonly root_key_id: string;
  readonly wrapped_key: Buffer;
}

type Where = Omit<KeyScope, 'class'>;

/** SQL on `cell.keys` as far as root keys go. */
export class RootKeyRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** How many keys each root key wraps. */
  count({ tenantId, region }: Where): Promise<{ rootKeyId: string; keys: number }[]> {
    return this.#database.inTenant(tenantId, (tx) =>
      tx.query(
        `select root_key_id as "rootKeyId", count(*)::int as keys from cell.keys
         where tenant_id = $1 and region = $2 and wrapped_key is not null group by 1 order by 1`,
        [tenantId, region],
      ),
    );
  }

  /** Every key that is not destroyed. */
  list({ tenantId, region }: Where): Promise<RootedKey[]> {
    return this.#database.inTenant(tenantId, (tx) =>
      tx.query<RootedKey>(
        `select class, version, root_key_id, wrapped_key from cell.keys
         where tenant_id = $1 and region = $2 and wrapped_key is not null order by class, version`,
        [tenantId, region],
      ),
    );
  }

  /** Puts a new wrap in the place of the one that it was made from. `false`: that is not there any more. */
  swap(where: Where, was: RootedKey, wrapped: WrappedKey): Promise<boolean> {
    const { tenantId, region } = where;
    return this.#database.inTenant(tenantId, async (tx) => {
      const swapped = await tx.query(
        `update cell.keys set root_key_id = $6, wrapped_key = $7
         where tenant_id = $1 and region = $2 and class = $3 and version = $4 and wrapped_key = $5 returning 1`,
        [tenantId, region, was.class, was.version, was.wrapped_key, wrapped.rootKeyId, wrapped.blob],
      );
      if (swapped.length === 0) return false;
      const data = { region, class: was.class, version: was.version };
      await appendAudit(tx, 'cell', [{ tenantId, action: 'vault.root_key_changed', data }]);
      return true;
    });
  }

  /** Writes down that nothing needs a root key any more. */
  async noteRetirement({ tenantId, region }: Where, rootKeyId: string): Promise<void> {
    const data = { region, root_key: rootKeyId };
    await this.#database.inTenant(tenantId, (tx) =>
      appendAudit(tx, 'cell', [{ tenantId, action: 'vault.root_key_retired', data }]),
    );
  }
}
