import type { Queryable } from '../../database/database.ts';
import { type BlindIndexKeys, blindIndexClass } from './blind-index.ts';
import { IdentifierRepository } from './identifier-repository.ts';
import { type IdentifierField, INDEXED_ATTRIBUTES, normaliseIdentifier } from './normalise-identifier.ts';
import type { Person } from './subject-key-repository.ts';

const FIELDS = Object.entries(INDEXED_ATTRIBUTES) as [IdentifierField, string][];

/** Keeps the blind index of e-mail addresses and phone numbers in step with the stored values. */
export class ContactIndex {
  readonly #indexKeys: BlindIndexKeys;
  readonly #identifiers = new IdentifierRepository();

  constructor(indexKeys: BlindIndexKeys) {
    this.#indexKeys = indexKeys;
  }

  /** See `Vault.prepareToStore`. */
  async prepare(tenantId: string, attributes: readonly string[]): Promise<void> {
    const fields = FIELDS.filter(([, attribute]) => attributes.includes(attribute));
    await Promise.all(fields.map(([field]) => this.#indexKeys.prepare(tenantId, blindIndexClass(field))));
  }

  /**
   * Replaces the index of each value that is being stored, in the same transaction. A value that has no
   * normal form of its own is kept, and cannot be searched for.
   */
  async store(
    tx: Queryable,
    { tenantId, subjectId }: Person,
    values: readonly { readonly attribute: string; readonly value: unknown }[],
  ): Promise<void> {
    for (const [field, attribute] of FIELDS) {
      const stored = values.find((one) => one.attribute === attribute);
      if (!stored) continue;
      const value = normaliseIdentifier(field, String(stored.value));
      const indexes =
        value === undefined ? [] : await this.#indexKeys.contactIndexes({ tenantId, field, value }, tx);
      await this.#identifiers.replace(tx, { tenantId, field }, [{ subjectId, indexes }]);
    }
  }
}
