import { appendAudit } from '../../../audit/audit-log.ts';
import type { AuditAction } from '../../../contract/generated.ts';
import type { Database, Queryable } from '../../../database/database.ts';
import { noteChange } from '../../own-data/note-change.ts';
import { lockPerson } from '../../people/people-repository.ts';
import { removeAttributes } from '../../vault/remove-attributes-repository.ts';
import type { Vault } from '../../vault/vault.ts';
import type { ClaimMapping } from '../claim-mapping.ts';
import type { ImportedAttribute, ImportedProfile, UpstreamClaims } from '../profile-mapping.ts';
import { hashesOf, type Person, profileOf, sameKey } from './imported-values.ts';
import {
  attributeSources,
  type ImportedHashes,
  importedHashes,
  type LinkedAccount,
  type StoredAccount,
  saveImported,
  saveProfileHash,
} from './upstream-accounts-repository.ts';

export interface RefreshDependencies {
  /** As `cell_app`. */
  readonly database: Database;
  readonly vault: Vault;
  readonly tenantId: string;
  readonly mapping?: ClaimMapping;
  readonly now: () => Date;
}

/** A profile as it was found at the upstream. */
export interface FoundProfile {
  readonly claims: UpstreamClaims;
  /** {@link profileHash} of what the Management API gave. Default: this is from a sign-in. */
  readonly hash?: string;
  readonly requestId?: string;
}

/**
 * Takes over what has changed at the upstream, and deletes what it says is gone; sites that may read such a value are
 * told. What the person wrote themselves stays, and is noted as kept.
 * @returns whether anything had changed there since it was compared last
 */
export async function refreshProfile(
  deps: RefreshDependencies,
  account: Pick<StoredAccount, 'subjectId' | 'auditRef' | 'imported'>,
  { claims, hash, requestId }: FoundProfile,
): Promise<boolean> {
  const { database, vault, tenantId, mapping } = deps;
  const person = { tenantId, subjectId: account.subjectId };
  const profile = profileOf(vault, claims, mapping);
  const hashes = await hashesOf(vault, person, profile);
  const guess = compare(profile, { hashes, imported: account.imported });
  if (guess.values.length + guess.gone.length === 0 && account.imported) {
    if (hash) await database.inTenant(tenantId, (tx) => saveProfileHash(tx, person, hash));
    return false;
  }
  await vault.prepareToStore(
    tenantId,
    profile.values.map(({ attribute }) => attribute),
  );
  return database.inTenant(tenantId, async (tx) => {
    // Held until the end: what the person writes meanwhile comes before or after, and never between.
    await lockPerson(tx, person);
    const imported = await importedHashes(tx, person);
    const differences = compare(profile, { hashes, imported });
    const plan = planFor(differences, await attributeSources(tx, person));
    await carryOut(tx, { vault, person, plan });
    const known = without({ ...imported, ...hashes }, differences.gone);
    await saveImported(tx, person, { imported: known, hash: hash ?? null });
    await tell(tx, { deps, account, plan, requestId });
    return differences.seen.length > 0;
  });
}

interface Differences {
  /** Values to be written. */
  readonly values: readonly ImportedAttribute[];
  /** Attributes whose values were there. */
  readonly gone: readonly string[];
  /** Attributes that are known to have changed; what was never compared, or under another key, is only written anew. */
  readonly seen: readonly string[];
}

function compare(
  { values, none }: ImportedProfile,
  { hashes, imported: before }: { hashes: ImportedHashes; imported: ImportedHashes | null },
): Differences {
  const imported = before ?? {};
  const different = values.filter(({ attribute }) => imported[attribute] !== hashes[attribute]);
  const gone = none.filter((attribute) => Object.hasOwn(imported, attribute));
  const seen = different.filter(({ attribute }) => {
    const hash = imported[attribute];
    return before && (hash === undefined || sameKey(hash, hashes[attribute] ?? ''));
  });
  return { values: different, gone, seen: [...seen.map(({ attribute }) => attribute), ...gone] };
}

interface Plan {
  readonly store: readonly ImportedAttribute[];
  readonly remove: readonly string[];
  /** Changed there and the person's own here. */
  readonly kept: readonly string[];
  readonly seen: readonly string[];
}

function planFor({ values, gone, seen }: Differences, sources: ReadonlyMap<string, string>): Plan {
  const isOwn = (attribute: string) => sources.get(attribute) === 'person';
  return {
    store: values.filter(({ attribute }) => !isOwn(attribute)),
    remove: gone.filter((attribute) => sources.get(attribute) === 'upstream'),
    kept: seen.filter(isOwn),
    seen,
  };
}

async function carryOut(
  tx: Queryable,
  { vault, person, plan }: { vault: Vault; person: Person; plan: Plan },
): Promise<void> {
  const values = plan.store.map((value) => ({ ...value, source: 'upstream' }));
  await vault.storeAttributes(tx, { ...person, values });
  await removeAttributes(tx, { ...person, attributes: plan.remove });
}

interface Telling {
  readonly deps: Pick<RefreshDependencies, 'tenantId' | 'now'>;
  readonly account: Pick<LinkedAccount, 'subjectId' | 'auditRef'>;
  readonly plan: Plan;
  readonly requestId: string | undefined;
}

/** Into the audit log, and to the sites that may read what changed; names only. */
async function tell(tx: Queryable, { deps, account, plan, requestId }: Telling): Promise<void> {
  const { tenantId, now } = deps;
  const { subjectId, auditRef: subjectRef } = account;
  const stored = plan.store.flatMap(({ attribute }) => (plan.seen.includes(attribute) ? [attribute] : []));
  const changed = [...stored, ...plan.remove];
  if (changed.length > 0) await noteChange(tx, { tenantId, subjectId, attributes: changed, at: now() });
  const entries: [AuditAction, readonly string[]][] = [
    ['profile.refreshed', stored],
    ['profile.removed', plan.remove],
    ['profile.kept', plan.kept],
  ];
  await appendAudit(
    tx,
    'cell',
    entries
      .filter(([, attributes]) => attributes.length > 0)
      .map(([action, attributes]) => ({
        ...{ tenantId, subjectRef, requestId, action, data: { attributes: [...attributes] } },
      })),
  );
}

function without(hashes: ImportedHashes, gone: readonly string[]): ImportedHashes {
  return Object.fromEntries(Object.entries(hashes).filter(([attribute]) => !gone.includes(attribute)));
}
