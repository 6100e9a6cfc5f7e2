import { isDeepStrictEqual } from 'node:util';
import { appendAudit } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import { lockPerson, type PersonKey } from '../people/people-repository.ts';
import type { OpenedAttribute } from '../vault/stored-attributes.ts';
import type { Vault } from '../vault/vault.ts';
import { noteChange } from './note-change.ts';

export interface ChangeValueDependencies {
  /** As `cell_app`. */
  readonly database: Database;
  readonly vault: Vault;
  readonly now: () => Date;
}

export interface ValueChange extends PersonKey {
  readonly attribute: string;
  readonly value: unknown;
  /** What is kept now. */
  readonly own: readonly OpenedAttribute[];
  readonly requestId?: string;
}

/**
 * Takes over a value that the person wrote. From then on it stays, whatever the sign-in service says; sites that
 * may read it are told that it changed. The same value once more changes nothing.
 * @throws UserrefError `invalid_request` for a value that its schema does not allow, or an attribute that is derived,
 *   `unknown_attribute`
 */
export async function changeValue(
  { database, vault, now }: ChangeValueDependencies,
  { tenantId, subjectId, attribute, value, own, requestId }: ValueChange,
): Promise<void> {
  // Refused before a key is asked for.
  vault.catalogue.encode(attribute, value);
  const before = own.find((one) => one.attribute === attribute);
  if (before && isDeepStrictEqual(before.value, value)) return;
  const person = { tenantId, subjectId };
  await vault.prepareToStore(tenantId, [attribute]);
  await database.inTenant(tenantId, async (tx) => {
    const { auditRef: subjectRef } = await lockPerson(tx, person);
    await vault.storeAttributes(tx, { ...person, values: [{ attribute, value, source: 'person' }] });
    await noteChange(tx, { ...person, attributes: [attribute], at: now() });
    const data = { attributes: [attribute] };
    await appendAudit(tx, 'cell', [
      { tenantId, subjectRef, requestId, action: 'own_attributes.changed', data },
    ]);
  });
}
