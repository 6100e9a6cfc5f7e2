import type { AuditEntry } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import type { ReadGuard } from '../attributes/reads-repository.ts';
import { lockPerson } from '../people/people-repository.ts';
import type { EnvelopeBinding } from '../vault/envelopes.ts';
import type { Vault } from '../vault/vault.ts';
import { recordSealing } from './sealed-envelopes-repository.ts';

export interface Sealing {
  readonly binding: EnvelopeBinding;
  readonly values: Readonly<Record<string, unknown>>;
  readonly sealedAt: Date;
  readonly guard: ReadGuard;
  readonly entry: AuditEntry;
}

/** Thrown to undo a transaction; never leaves this file. */
const PERMISSION_ENDED = new Error('what allowed a sealing has ended');

/**
 * Seals values: key, envelope and audit entry in one transaction.
 * @returns the envelope; `undefined` when what allowed it has ended meanwhile, and nothing was written
 */
export async function sealValues(
  { database, vault }: { database: Database; vault: Vault },
  { binding, values, entry, ...rest }: Sealing,
): Promise<string | undefined> {
  const { tenantId, envelopeId } = binding;
  await vault.envelopes.prepare(tenantId);
  try {
    return await database.inTenant(tenantId, async (tx) => {
      await lockPerson(tx, binding);
      const content = Buffer.from(JSON.stringify(values), 'utf8');
      const { sealed, keyVersion } = await vault.envelopes.seal(tx, binding, content);
      content.fill(0);
      const named = { ...entry, data: { ...entry.data, envelope_id: envelopeId } };
      if (!(await recordSealing(tx, { ...rest, binding, keyVersion, entry: named }))) throw PERMISSION_ENDED;
      return sealed;
    });
  } catch (error) {
    if (error === PERMISSION_ENDED) return undefined;
    throw error;
  }
}
