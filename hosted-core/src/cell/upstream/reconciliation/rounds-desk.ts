import type { Database } from '../../../database/database.ts';
import { scheduleReconciliation } from './reconcile-task.ts';
import {
  agreeToDeletions,
  lastFinishedRound,
  openRound,
  type Round,
  roundUnderWay,
} from './rounds-repository.ts';

export interface RoundsStatus {
  readonly underWay: Round | undefined;
  readonly last: Round | undefined;
}

/** How reconciliation stands. */
export function roundsStatus(database: Database, tenantId: string): Promise<RoundsStatus> {
  return database.inTenant(tenantId, async (tx) => ({
    underWay: await roundUnderWay(tx, tenantId),
    last: await lastFinishedRound(tx, tenantId),
  }));
}

/**
 * Lets the next round follow so many missing accounts, and has it begin now. Each is still looked up by itself; if
 * more are missing then, they are held again.
 * @throws Error when nothing is held, or more are missing than that
 */
export async function acceptDeletions(
  database: Database,
  { tenantId, upTo, now }: { tenantId: string; upTo: number; now: Date },
): Promise<Round> {
  return database.inTenant(tenantId, async (tx) => {
    const last = await lastFinishedRound(tx, tenantId);
    if (!last?.held) throw new Error('Nothing is held: the last round followed everything that it found.');
    if (last.missing > upTo)
      throw new Error(
        `The last round missed ${last.missing} accounts. Agree to so many with --up-to ${last.missing}, or look first why they are gone.`,
      );
    const round = await openRound(tx, tenantId, now);
    await agreeToDeletions(tx, tenantId, { roundId: round.roundId, upTo });
    await scheduleReconciliation(tx, tenantId, 0);
    return last;
  });
}
