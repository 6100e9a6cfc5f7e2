import { PAGE_SIZE } from '../management/logto-management.ts';
import { compareUsers } from './compare-users.ts';
import { followMissing } from './follow-missing.ts';
import { followLostDeliveries } from './lost-deliveries.ts';
import type { ReconcileDependencies } from './reconcile-dependencies.ts';
import { openRound } from './rounds-repository.ts';

/**
 * Longest time in seconds until something that Logto did not tell, or that got lost, is noticed: the pause between
 * rounds and one round.
 */
export function stalenessSeconds(wish: {
  users: number;
  reconcileEverySeconds: number;
  requestsPerSecond: number;
}): number {
  // One page more than there are users for, and the two requests about lost deliveries.
  const requests = Math.ceil(wish.users / PAGE_SIZE) + 3;
  return wish.reconcileEverySeconds + Math.ceil(requests / wish.requestsPerSecond);
}

/** Goes on with the round that is under way, page by page, until it is finished or the time is up. */
export async function reconcile(
  deps: ReconcileDependencies,
  { until }: { until: Date },
): Promise<{ finished: boolean }> {
  const { database, tenantId, now } = deps;
  for (;;) {
    const round = await database.inTenant(tenantId, (tx) => openRound(tx, tenantId, now()));
    if (round.nextPage === null) {
      await followMissing(deps, round);
      return { finished: true };
    }
    if (round.nextPage === 1) await followLostDeliveries(deps, round);
    await compareUsers(deps, { ...round, nextPage: round.nextPage });
    if (now() >= until) return { finished: false };
  }
}
