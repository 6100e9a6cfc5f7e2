import { type AuditEntry, toRow } from '../../audit/audit-log.ts';
import type { Queryable } from '../../database/database.ts';

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
  readonly guard?: ReadGuard | undefined;
  /** The entry is there already: only the permission is looked at. */
  readonly isWritten?: boolean;
}

/**
 * Writes entries in one commit; one with a guard only if its permission still holds, and that cannot end in
 * between (`cell.append_reads` says how). All of one tenant, and all guards of one audience.
 * @returns for each, whether what allowed it holds and the entry is there
 */
export async function appendReads(database: Queryable, reads: readonly ReadEntry[]): Promise<boolean[]> {
  const [first] = reads;
  if (first === undefined) return [];
  const guards = reads.map(({ guard }) => guard);
  const rows = await database.query<{ written: boolean[] }>(
    'select cell.append_reads($1, $2, $3, $4, $5, $6, $7, $8, $9) as written',
    [
      first.entry.tenantId,
      first.guard?.audience,
      guards.map((guard) => guard?.tokenHash),
      guards.map((guard) => guard?.userRef),
      reads.map(({ entry }) => entry.siteId),
      guards.map((guard) => guard?.subjectId),
      guards.map((guard) => guard?.epoch),
      guards.map((guard) => guard?.consentIds.join()),
      JSON.stringify(reads.map(({ entry, isWritten }) => (isWritten ? {} : toRow(entry)))),
    ],
  );
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
    consents: guard.consentIds.join(),
  };
}
