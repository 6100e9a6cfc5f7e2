import type { Queryable } from '../../database/database.ts';
import { IdentifierRepository } from './identifier-repository.ts';
import { type IdentifierField, INDEXED_ATTRIBUTES } from './normalise-identifier.ts';
import type { Person } from './subject-key-repository.ts';

/**
 * Deletes values of a person, and what they are found by, in the caller's transaction, which holds the person's row.
 * What is not there counts as deleted.
 */
export async function removeAttributes(
  tx: Queryable,
  { tenantId, subjectId, attributes }: Person & { attributes: readonly string[] },
): Promise<void> {
  if (attributes.length === 0) return;
  await tx.query(
    'delete from cell.users_pii where tenant_id = $1 and subject_id = $2 and attribute = any ($3)',
    [tenantId, subjectId, attributes],
  );
  const identifiers = new IdentifierRepository();
  for (const [field, attribute] of Object.entries(INDEXED_ATTRIBUTES) as [IdentifierField, string][])
    if (attributes.includes(attribute))
      await identifiers.replace(tx, { tenantId, field }, [{ subjectId, indexes: [] }]);
}
