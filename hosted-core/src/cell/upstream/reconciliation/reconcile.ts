import { appendAudit } from '../../../audit/audit-log.ts';
import { refreshProfile } from '../accounts/refresh-profile.ts';
import { type SyncDependencies, scheduleSync } from '../accounts/sync-account.ts';
import type { LinkedAccount } from '../accounts/upstream-accounts-repository.ts';
import { type LogtoManagement, PAGE_SIZE } from '../management/logto-management.ts';
import type { LogtoUser } from '../management/logto-user.ts';
import {
  advanceRound,
  countMissing,
  finishRound,
  markSeen,
  missingAccounts,
  openRound,
  type Round,
} from './rounds-repository.ts';

export interface ReconcileDependencies extends Omit<SyncDependencies, 'management'> {
  readonly management: Pick<LogtoManagement, 'listUsers' | 'findUser' | 'requests'>;
  readonly now: () => Date;
  /** Follow deletions however many there are. Default: too many at once are held, see {@link tooMany}. */
  readonly acceptDeletions?: true;
}

/**
 * Longest time in seconds until something that Logto did not tell, or that got lost, is noticed: the pause between
 * rounds and one round.
 */
export function stalenessSeconds(wish: {
  users: number;
  reconcileEverySeconds: number;
  requestsPerSecond: number;
}): number {
  const requests = Math.ceil(wish.users / PAGE_SIZE) + 1;
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
    await comparePage(deps, { ...round, nextPage: round.nextPage });
    if (now() >= until) return { finished: false };
  }
}

/** One page of users against the people here. A crash in between does the page again, which changes nothing. */
async function comparePage(deps: ReconcileDependencies, round: Round & { nextPage: number }): Promise<void> {
  const { database, tenantId, management, accounts } = deps;
  const before = management.requests;
  const { users } = await management.listUsers(round.nextPage);
  const requests = management.requests - before;
  const byId = new Map(users.map((user) => [user.id, user]));
  const linked = await database.inTenant(tenantId, async (tx) => {
    const found = await accounts.findBySub(tx, [...byId.keys()]);
    await accounts.keep(
      tx,
      found.filter(({ kept }) => !kept),
    );
    const subjectIds = found.map(({ subjectId }) => subjectId);
    await markSeen(tx, tenantId, { roundId: round.roundId, subjectIds });
    return found;
  });
  let changed = 0;
  const moved: LinkedAccount[] = [];
  for (const account of linked) {
    const user = byId.get(account.sub);
    if (!user) continue;
    if (stateOf(user) !== account.state) moved.push(account);
    else if (await profileChanged(deps, account, user)) changed += 1;
  }
  await database.inTenant(tenantId, async (tx) => {
    for (const { subjectId } of moved)
      await scheduleSync(tx, { tenantId, subjectId, cause: 'reconciliation' });
    await advanceRound(tx, tenantId, round, {
      ...{ requests, users: users.length, changed, suspended: moved.length },
      // The list may grow or shrink meanwhile: it ends where a page is not full.
      nextPage: users.length < PAGE_SIZE ? null : round.nextPage + 1,
    });
  });
}

function stateOf({ isSuspended }: LogtoUser): 'active' | 'suspended' {
  return isSuspended ? 'suspended' : 'active';
}

async function profileChanged(
  deps: ReconcileDependencies,
  account: LinkedAccount,
  user: LogtoUser,
): Promise<boolean> {
  if (account.state !== 'active' || !(await refreshProfile(deps, account, user.claims))) return false;
  // Whoever was only now kept had nothing to compare with.
  if (!account.kept) return false;
  const { database, tenantId } = deps;
  await database.inTenant(tenantId, (tx) =>
    appendAudit(tx, 'cell', [
      {
        ...{ tenantId, action: 'upstream.change_missed', subjectRef: account.auditRef },
        data: { change: 'profile' },
      },
    ]),
  );
  return true;
}

const FEW = 10;
const BATCH = 500;

/** So many missing accounts are rather a Logto that was restored, or another one, than people who left. */
function tooMany({ missing, all }: { missing: number; all: number }): boolean {
  return missing > Math.max(FEW, all * 0.02);
}

/** Each missing account is looked up by itself before anything happens: pages shift while they are read. */
async function followMissing(deps: ReconcileDependencies, round: Round): Promise<void> {
  const { database, tenantId, now, acceptDeletions } = deps;
  await database.inTenant(tenantId, async (tx) => {
    const count = await countMissing(tx, tenantId, round);
    const held = !acceptDeletions && tooMany(count);
    if (held) {
      const data = { missing: count.missing, of: count.all };
      await appendAudit(tx, 'cell', [{ tenantId, action: 'upstream.deletions_held', data }]);
    }
    for (let left = held ? 0 : count.missing; left > 0; ) {
      const subjectIds = await missingAccounts(tx, tenantId, { round, limit: BATCH });
      for (const subjectId of subjectIds)
        await scheduleSync(tx, { tenantId, subjectId, cause: 'reconciliation' });
      await markSeen(tx, tenantId, { roundId: round.roundId, subjectIds });
      left = subjectIds.length < BATCH ? 0 : left - BATCH;
    }
    const deleted = held ? 0 : count.missing;
    await finishRound(tx, tenantId, { roundId: round.roundId, deleted, held, now: now() });
    const { requests, users, changed, suspended } = round;
    await appendAudit(tx, 'cell', [
      {
        tenantId,
        action: 'upstream.reconciled',
        data: { requests, users, changed, suspended, deleted, held },
      },
    ]);
  });
}
