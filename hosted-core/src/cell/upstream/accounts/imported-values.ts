import type { Vault } from '../../vault/vault.ts';
import type { ClaimMapping } from '../claim-mapping.ts';
import { type ImportedAttribute, importProfile, type UpstreamClaims } from '../profile-mapping.ts';
import type { ImportedHashes } from './upstream-accounts-repository.ts';

/** The values of a profile that the vault would take. */
export function valuesOf(vault: Vault, claims: UpstreamClaims, mapping?: ClaimMapping): ImportedAttribute[] {
  const known = vault.catalogue.list().flatMap(({ name, derived }) => (derived ? [] : [name]));
  return importProfile(claims, {
    known,
    accepts: (attribute, value) => fits(vault, attribute, value),
    ...(mapping && { mapping }),
  });
}

function fits(vault: Vault, attribute: string, value: unknown): boolean {
  try {
    vault.catalogue.encode(attribute, value);
    return true;
  } catch {
    return false;
  }
}

/**
 * A keyed hash of each value, by which a change is seen without opening the vault. Bound to the person: two people
 * with one address have different hashes.
 */
export async function hashesOf(
  vault: Vault,
  person: { tenantId: string; subjectId: string },
  values: readonly ImportedAttribute[],
): Promise<ImportedHashes> {
  const entries = await Promise.all(
    values.map(async ({ attribute, value }) => {
      const parts = ['imported', person.subjectId, attribute, JSON.stringify(value)];
      const hmac = await vault.blindIndex({ tenantId: person.tenantId, field: 'upstream', value: parts });
      return [attribute, hmac.subarray(0, 16).toString('base64url')] as const;
    }),
  );
  return Object.fromEntries(entries);
}
