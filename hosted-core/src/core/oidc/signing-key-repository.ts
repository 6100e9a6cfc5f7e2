import type { Database, Queryable } from '../../database/database.ts';

export type SigningAlg = 'ES256' | 'RS256';
export type SigningKeyState = 'next' | 'active' | 'retired';

export interface StoredSigningKey {
  readonly kid: string;
  readonly alg: SigningAlg;
  readonly state: SigningKeyState;
  readonly sealed_private_jwk: Buffer;
}

/** All SQL about the keys that sign passports. */
export class SigningKeyRepository {
  readonly #database: Database;
  readonly #tenantId: string;

  constructor(database: Database, tenantId: string) {
    this.#database = database;
    this.#tenantId = tenantId;
  }

  /** Runs `work` while no other process changes this tenant's keys. */
  async exclusively<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.#database.inTenant(this.#tenantId, async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `signing-keys/${this.#tenantId}`,
      ]);
      return work(tx);
    });
  }

  async list(): Promise<StoredSigningKey[]> {
    return this.#database.inTenant(this.#tenantId, (tx) => this.listIn(tx));
  }

  /** Active keys first: whoever takes the first one that fits signs with it. */
  async listIn(tx: Queryable): Promise<StoredSigningKey[]> {
    return tx.query<StoredSigningKey>(
      `select kid, alg, state, sealed_private_jwk from core.signing_keys where tenant_id = $1
       order by case state when 'active' then 0 when 'next' then 1 else 2 end, alg, created_at`,
      [this.#tenantId],
    );
  }

  async insert(tx: Queryable, key: StoredSigningKey): Promise<void> {
    await tx.query(
      'insert into core.signing_keys (tenant_id, kid, alg, state, sealed_private_jwk) values ($1, $2, $3, $4, $5)',
      [this.#tenantId, key.kid, key.alg, key.state, key.sealed_private_jwk],
    );
  }

  /** Retires the active key and lets the published next one sign. */
  async promote(tx: Queryable, alg: SigningAlg): Promise<void> {
    await tx.query(
      `update core.signing_keys set state = 'retired', retired_at = now() where tenant_id = $1 and alg = $2 and state = 'active'`,
      [this.#tenantId, alg],
    );
    await tx.query(
      `update core.signing_keys set state = 'active' where tenant_id = $1 and alg = $2 and state = 'next'`,
      [this.#tenantId, alg],
    );
  }

  /** Forgets keys that retired before any passport that is still alive was signed. */
  async deleteRetired(tx: Queryable, olderThanSeconds: number): Promise<void> {
    await tx.query(
      `delete from core.signing_keys where tenant_id = $1 and state = 'retired' and retired_at < now() - make_interval(secs => $2)`,
      [this.#tenantId, olderThanSeconds],
    );
  }
}
