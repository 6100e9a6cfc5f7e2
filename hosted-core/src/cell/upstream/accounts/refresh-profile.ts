import { appendAudit } from '../../../audit/audit-log.ts';
import type { Database } from '../../../database/database.ts';
import type { Vault } from '../../vault/vault.ts';
import type { ClaimMapping } from '../claim-mapping.ts';
import type { UpstreamClaims } from '../profile-mapping.ts';
import { hashesOf, valuesOf } from './imported-values.ts';
import { attributeSources, type LinkedAccount, saveImported } from './upstream-accounts-repository.ts';

export interface RefreshDependencies {
  /** As `cell_app`. */
  readonly database: Database;
  readonly vault: Vault;
  readonly tenantId: string;
  readonly mapping?: ClaimMapping;
}

/**
 * Takes over what has changed at the upstream. What the person wrote themselves stays and is noted as kept; what is
 * gone there stays here, since an empty claim does not say that the person wants it deleted.
 * @returns whether anything had changed there
 */
export async function refreshProfile(
  deps: RefreshDependencies,
  account: Pick<LinkedAccount, 'subjectId' | 'auditRef' | 'imported'>,
  claims: UpstreamClaims,
  requestId?: string,
): Promise<boolean> {
  const { database, vault, tenantId } = deps;
  const person = { tenantId, subjectId: account.subjectId };
  const values = valuesOf(vault, claims, deps.mapping);
  const hashes = await hashesOf(vault, person, values);
  const changed = values.filter(({ attribute }) => account.imported[attribute] !== hashes[attribute]);
  if (changed.length === 0) return false;
  await vault.prepareToStore(
    tenantId,
    changed.map(({ attribute }) => attribute),
  );
  await database.inTenant(tenantId, async (tx) => {
    const sources = await attributeSources(tx, person);
    const [kept, taken] = [true, false].map((own) =>
      changed.filter(({ attribute }) => (sources.get(attribute) === 'person') === own),
    ) as [typeof changed, typeof changed];
    await vault.storeAttributes(tx, {
      ...person,
      values: taken.map((value) => ({ ...value, source: 'upstream' })),
    });
    await saveImported(tx, person, { ...account.imported, ...hashes });
    const common = { tenantId, subjectRef: account.auditRef, requestId };
    await appendAudit(tx, 'cell', [
      ...(taken.length > 0
        ? [{ ...common, action: 'profile.refreshed' as const, data: namesOf(taken) }]
        : []),
      ...(kept.length > 0 ? [{ ...common, action: 'profile.kept' as const, data: namesOf(kept) }] : []),
    ]);
  });
  return true;
}

function namesOf(values: readonly { attribute: string }[]) {
  return { attributes: values.map(({ attribute }) => attribute) };
}
