import type { Vault } from '../../vault/vault.ts';
import type { ClaimMapping } from '../claim-mapping.ts';
import { type ImportedProfile, importProfile, type UpstreamClaims } from '../profile-mapping.ts';
import type { ImportedHashes } from './upstream-accounts-repository.ts';

export interface Person {
  readonly tenantId: string;
  readonly subjectId: string;
}

/** What a profile means for the vault, by its catalogue. */
export function profileOf(vault: Vault, claims: UpstreamClaims, mapping?: ClaimMapping): ImportedProfile {
  return importProfile(claims, {
    known: storedAttributes(vault),
    accepts: (attribute, value) => fits(vault, attribute, value),
    ...(mapping && { mapping }),
  });
}

function storedAttributes(vault: Vault): string[] {
  return vault.catalogue.list().flatMap(({ name, derived }) => (derived ? [] : [name]));
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
  person: Person,
  { values }: Pick<ImportedProfile, 'values'>,
): Promise<ImportedHashes> {
  const entries = await Promise.all(
    values.map(async ({ attribute, value }) => {
      const parts = ['imported', person.subjectId, attribute, JSON.stringify(value)];
      return [attribute, await keyedHash(vault, person.tenantId, parts)] as const;
    }),
  );
  return Object.fromEntries(entries);
}

/**
 * A keyed hash of a whole profile, of what is made of it included: another mapping, or an attribute that the operator
 * added, is a difference.
 */
export function profileHash(
  vault: Vault,
  person: Person,
  { claims, mapping }: { claims: UpstreamClaims; mapping?: ClaimMapping | undefined },
): Promise<string> {
  const rules = JSON.stringify([storedAttributes(vault), [...(mapping ?? [])]]);
  return keyedHash(vault, person.tenantId, ['profile', person.subjectId, rules, JSON.stringify(claims)]);
}

/** Says under which key it was made: when that one was rotated away, nothing can be said of a difference. */
export function sameKey(one: string, other: string): boolean {
  return one.split('.')[0] === other.split('.')[0];
}

async function keyedHash(vault: Vault, tenantId: string, value: readonly string[]): Promise<string> {
  const [newest] = await vault.blindIndexes({ tenantId, field: 'upstream', value });
  if (!newest) throw new Error('there is no key for blind indexes');
  return `${newest.version}.${newest.hmac.subarray(0, 16).toString('base64url')}`;
}
