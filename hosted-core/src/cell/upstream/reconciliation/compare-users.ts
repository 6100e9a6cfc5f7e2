import { appendAudit } from '../../../audit/audit-log.ts';
import { endSessions } from '../accounts/end-sessions.ts';
import { profileHash } from '../accounts/imported-values.ts';
import { refreshProfile } from '../accounts/refresh-profile.ts';
import { scheduleSync } from '../accounts/sync-account.ts';
import { saveChangeTimes } from '../accounts/upstream-accounts-repository.ts';
import { PAGE_SIZE } from '../management/logto-management.ts';
import type { LogtoUser } from '../management/logto-user.ts';
import { type ComparedAccount, comparePage } from './pages-repository.ts';
import type { ReconcileDependencies } from './reconcile-dependencies.ts';
import { advanceRound, type Round } from './rounds-repository.ts';

/** An account of ours and its user there. */
type Pair = ComparedAccount & { readonly user: LogtoUser };

/** One page of users against the people here. A crash in between does the page again, which changes nothing. */
export async function compareUsers(
  deps: ReconcileDependencies,
  round: Round & { nextPage: number },
): Promise<void> {
  const { database, tenantId, management } = deps;
  const before = management.requests;
  const { users } = await management.listUsers(round.nextPage);
  const requests = management.requests - before;
  const pairs = await accountsOf(deps, round, users);
  const moved = pairs.filter(({ state, user }) => state !== stateOf(user));
  const active = pairs.filter(({ state, user }) => state === 'active' && !user.isSuspended);
  const changed = await followProfiles(deps, active);
  const puzzling = active.filter((pair) => !changed.looked.has(pair.subjectId) && isPuzzling(pair));
  await database.inTenant(tenantId, async (tx) => {
    for (const { subjectId } of moved)
      await scheduleSync(tx, { tenantId, subjectId, cause: 'reconciliation' });
    for (const { subjectId, auditRef } of puzzling) {
      await endSessions(tx, { tenantId, subjectId, auditRef, why: 'unexplained_change' });
      await appendAudit(tx, 'cell', [missed(tenantId, auditRef, 'unexplained')]);
    }
    await saveChangeTimes(tx, tenantId, pairs.flatMap(newChangeTime));
    await advanceRound(tx, tenantId, round, {
      ...{ requests, users: users.length, changed: changed.count, suspended: moved.length },
      // The list may grow or shrink meanwhile: it ends where a page is not full.
      nextPage: users.length < PAGE_SIZE ? null : round.nextPage + 1,
    });
  });
}

async function accountsOf(
  { database, tenantId, accounts }: ReconcileDependencies,
  { roundId, nextPage: page }: Round & { nextPage: number },
  users: readonly LogtoUser[],
): Promise<Pair[]> {
  const indexes = await accounts.indexes(users.map(({ id }) => id));
  const found = await comparePage(database, tenantId, { roundId, page, indexes });
  const pairs = found.flatMap((account) => {
    const user = users[account.number];
    return user ? [{ ...account, user }] : [];
  });
  const fresh = pairs.filter(({ kept }) => !kept);
  if (fresh.length > 0)
    await database.inTenant(tenantId, (tx) =>
      accounts.keep(
        tx,
        fresh.map(({ subjectId, user }) => ({ subjectId, sub: user.id })),
      ),
    );
  return pairs;
}

/** Takes over what has changed; `looked` has everybody whose profile was not the one that was compared last. */
async function followProfiles(
  deps: ReconcileDependencies,
  pairs: readonly Pair[],
): Promise<{ looked: Set<string>; count: number }> {
  const { database, tenantId, vault, mapping, accounts } = deps;
  const looked = new Set<string>();
  let count = 0;
  for (const { subjectId, auditRef, user, profileHash: known } of pairs) {
    const { claims } = user;
    const hash = await profileHash(vault, { tenantId, subjectId }, { claims, mapping });
    if (hash === known) continue;
    looked.add(subjectId);
    const account = await accounts.find(subjectId);
    if (!account || !(await refreshProfile(deps, account, { claims, hash }))) continue;
    count += 1;
    await database.inTenant(tenantId, (tx) =>
      appendAudit(tx, 'cell', [missed(tenantId, auditRef, 'profile')]),
    );
  }
  return { looked, count };
}

function missed(tenantId: string, subjectRef: string, change: string) {
  return { tenantId, action: 'upstream.change_missed', subjectRef, data: { change } } as const;
}

function stateOf({ isSuspended }: LogtoUser): 'active' | 'suspended' {
  return isSuspended ? 'suspended' : 'active';
}

/** A sign-in notes itself twice, a few milliseconds apart. */
const SAME_MOMENT_MS = 1_000;

/**
 * The account changed there, and neither a sign-in nor its profile tells what: it may have been a new password whose
 * event got lost.
 */
function isPuzzling({ user, changedThere }: Pair): boolean {
  const { changedAt, signedInAt = 0 } = user;
  if (changedAt === undefined || changedThere === null || changedAt <= changedThere) return false;
  return Math.abs(changedAt - signedInAt) > SAME_MOMENT_MS;
}

function newChangeTime({ subjectId, user, changedThere }: Pair) {
  const { changedAt } = user;
  return changedAt === undefined || changedAt === changedThere
    ? []
    : [{ subjectId, changedThere: changedAt }];
}
