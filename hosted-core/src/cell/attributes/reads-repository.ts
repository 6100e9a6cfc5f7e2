import { type AuditEntry, toRow } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';

/** What allowed a read, to be looked at again when the read is written down. */
export interface ReadGuard {
  /** SHA-256 of the access token. */
  readonly tokenHash: Buffer;
  readonly audience: string;
  /** Set when the site asked on its own. */
  readonly userRef?: string | undefined;
  readonly subjectId: string;
  readonly epoch: number;
  readonly consentIds: readonly string[];
}

export interface ReadEntry {
  readonly entry: AuditEntry;
  readonly guard?: ReadGuard;
}

/**
 * Writes entries of one tenant in one commit; one with a guard only if its permission still holds, and that
 * cannot end in between (`cell.append_reads` says how).
 * @returns for each entry, whether it was written
 */
export async function appendReads(database: Database, reads: readonly ReadEntry[]): Promise<boolean[]> {
  const [first] = reads;
  if (first === undefined) return [];
  const rows = await database.query<{ written: boolean[] }>('select cell.append_reads($1, $2) as written', [
    first.entry.tenantId,
    JSON.stringify(
      reads.map(({ entry, guard }) => ({ entry: toRow(entry), ...(guard && { guard: guardRow(guard) }) })),
    ),
  ]);
  return rows[0]?.written ?? [];
}

/** The guard in the form that SQL functions take it. */
export function guardRow(guard: ReadGuard): object {
  return {
    token: guard.tokenHash.toString('hex'),
    audience: guard.audience,
    user_ref: guard.userRef ?? null,
    subject_id: guard.subjectId,
    epoch: guard.epoch,
    consents: guard.consentIds,
  };
}
