import type { Database, Queryable } from '../../../database/database.ts';
import { IdentifierRepository } from '../identifier-repository.ts';
import type { KeyScope } from '../key-repository.ts';
import { ReencryptRepository } from './reencrypt-repository.ts';
import { RewrapRepository } from './rewrap-repository.ts';
import { allowLongCount, type RotationRow, type RotationScope } from './rotation-repository.ts';

/** How much is still on an older version, counted in the rows themselves. */
export class RemainingWork {
  readonly #database: Database;
  readonly #rewrap = new RewrapRepository();
  readonly #reencrypt = new ReencryptRepository();
  readonly #identifiers = new IdentifierRepository();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Data keys that an older version wraps; people with data keys from before, or without an index under the newer key. */
  count(scope: RotationScope, rotation: Pick<RotationRow, 'rotation_id' | 'to_version'>): Promise<number> {
    const { tenantId, class: keyClass, kind } = scope;
    return this.#database.inTenant(tenantId, async (tx) => {
      await allowLongCount(tx);
      if (kind === 'dek') {
        const { rotation_id: rotationId } = rotation;
        return this.#reencrypt.countOld(tx, { tenantId, class: keyClass, rotationId });
      }
      return this.below(tx, scope, rotation.to_version ?? 1);
    });
  }

  /** What would be lost if all versions below this one were gone. */
  below(tx: Queryable, scope: KeyScope, version: number): Promise<number> {
    const field = indexedField(scope);
    if (field) return this.#identifiers.countOnlyBelow(tx, { tenantId: scope.tenantId, field }, version);
    return this.#rewrap.count(tx, { ...scope, below: version });
  }

  /** What would be lost if this version were gone. */
  needing(tx: Queryable, scope: KeyScope, version: number): Promise<number> {
    const field = indexedField(scope);
    if (field) return this.#identifiers.countOnly(tx, { tenantId: scope.tenantId, field }, version);
    return this.#rewrap.count(tx, { ...scope, from: version, below: version + 1 });
  }
}

/** The field of a blind index; `undefined` for classes of attributes. */
export function indexedField({ class: keyClass }: Pick<KeyScope, 'class'>): string | undefined {
  return /^blind_index:(.+)$/.exec(keyClass)?.[1];
}
