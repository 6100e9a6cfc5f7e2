import { randomBytes } from 'node:crypto';
import { appendAudit } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import { FingerprintValues } from '../attributes/fingerprint-values.ts';
import type { Vault } from '../vault/vault.ts';
import { type Fingerprint, FingerprintKey } from './fingerprint-key.ts';
import { peopleAfter } from './people-in-order-repository.ts';
import { sealFingerprints } from './seal-fingerprints.ts';

export interface ExportedFingerprints {
  /** To be kept apart from `key`. */
  readonly file: Buffer;
  /** `ufk1_…` */
  readonly key: string;
  readonly people: number;
  readonly fingerprints: number;
  readonly expiresAt: Date;
}

/**
 * Fingerprints of what the cell holds of everybody, for one scan of somebody's database (decision 0042): under a
 * key of its own, sealed, with an end. Written down in the audit log before anybody gets it.
 * @throws UserrefError `integrity_error`, `service_unavailable`
 */
export async function exportFingerprints(options: {
  readonly database: Database;
  readonly vault: Vault;
  readonly tenantId: string;
  readonly validHours: number;
  readonly now?: Date;
  /** Told the number of people so far. */
  readonly onProgress?: (people: number) => void;
}): Promise<ExportedFingerprints> {
  const { database, vault, tenantId, validHours, now = new Date() } = options;
  const secret = randomBytes(32);
  const key = new FingerprintKey(secret);
  const values = new FingerprintValues({ vault, key });
  const byMac = new Map<string, Fingerprint>();
  let people = 0;
  for await (const subjectIds of peopleAfter(database, tenantId)) {
    for (const subjectId of subjectIds) {
      for (const one of await values.of({ tenantId, subjectId })) byMac.set(one.mac.toString('hex'), one);
      people += 1;
    }
    options.onProgress?.(people);
  }
  // In the order of their values' hashes, so that nothing follows from who came first.
  const fingerprints = [...byMac].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  const expiresAt = new Date(now.getTime() + validHours * 3_600_000);
  const data = { people, fingerprints: fingerprints.length, valid_hours: validHours };
  await database.inTenant(tenantId, (tx) =>
    appendAudit(tx, 'cell', [{ tenantId, action: 'fingerprints.exported', data }]),
  );
  return {
    file: sealFingerprints(fingerprints, { key, createdAt: now, expiresAt }),
    key: `ufk1_${secret.toString('base64url')}`,
    ...{ people, fingerprints: fingerprints.length, expiresAt },
  };
}
