import { appendAudit } from '../../../audit/audit-log.ts';
import type { Queryable } from '../../../database/database.ts';
import { addJob, type JobTask } from '../../../jobs/job-queue.ts';
import type { UpstreamGateway } from '../../../wall/upstream.ts';
import type { LogtoManagement } from '../management/logto-management.ts';
import type { LogtoUser } from '../management/logto-user.ts';
import { profileHash } from './imported-values.ts';
import { type RefreshDependencies, refreshProfile } from './refresh-profile.ts';
import type { UpstreamAccounts } from './upstream-accounts.ts';
import {
  type AccountState,
  changeState,
  type StoredAccount,
  saveChangeTimes,
} from './upstream-accounts-repository.ts';
import { endAllSessions } from './upstream-sessions-repository.ts';

/** How we came to look at an account. */
export type SyncCause = 'webhook' | 'reconciliation';

export interface SyncDependencies extends RefreshDependencies {
  readonly accounts: UpstreamAccounts;
  readonly management: Pick<LogtoManagement, 'findUser'>;
  readonly core: UpstreamGateway;
  readonly onDeleted: 'erase' | 'freeze';
  /** The erasure of this cell; asking again with the same request id changes nothing. */
  readonly erase: (request: { tenantId: string; subjectId: string; requestId: string }) => Promise<unknown>;
}

export const SYNC_TASK = 'upstream-sync';

/** Has an account looked at soon, in the caller's transaction. */
export async function scheduleSync(
  tx: Queryable,
  {
    tenantId,
    subjectId,
    cause,
    freeze,
  }: { tenantId: string; subjectId: string; cause: SyncCause; freeze?: true },
): Promise<void> {
  await addJob(tx, 'cell_jobs', {
    task: SYNC_TASK,
    payload: { tenantId, subjectId, cause, ...(freeze && { freeze }) },
    key: `${SYNC_TASK}/${subjectId}`,
    maxAttempts: 100,
  });
}

/** The handler of the job `upstream-sync`. */
export function syncTask(deps: SyncDependencies): JobTask {
  return ({ subjectId, cause, freeze }) =>
    syncAccount(deps, String(subjectId), {
      cause: cause === 'webhook' ? 'webhook' : 'reconciliation',
      freeze: freeze === true,
    });
}

interface SyncWish {
  readonly cause: SyncCause;
  /** Do not erase, whatever the setting says. */
  readonly freeze?: boolean;
}

/**
 * Asks the Management API how an account stands and follows: an event is a hint, only its own state counts. May be
 * repeated at any point. Throws ManagementError, and whatever the core and the erasure throw.
 */
export async function syncAccount(deps: SyncDependencies, subjectId: string, wish: SyncWish): Promise<void> {
  const account = await deps.accounts.find(subjectId);
  if (!account || account.state === 'deleted') return;
  const user = await deps.management.findUser(deps.accounts.subOf(account));
  if (!user) return followDeletion(deps, account, wish);
  await follow(deps, account, { state: user.isSuspended ? 'suspended' : 'active', cause: wish.cause });
  if (!user.isSuspended) await takeOver(deps, account, user);
}

/** What is seen here is no puzzle to the next round of reconciliation. */
async function takeOver(deps: SyncDependencies, account: StoredAccount, user: LogtoUser): Promise<void> {
  const { database, tenantId, vault, mapping } = deps;
  const { subjectId } = account;
  const { claims, changedAt: changedThere } = user;
  const hash = await profileHash(vault, { tenantId, subjectId }, { claims, mapping });
  if (hash !== account.profileHash) await refreshProfile(deps, account, { claims, hash });
  if (changedThere !== undefined)
    await database.inTenant(tenantId, (tx) => saveChangeTimes(tx, tenantId, [{ subjectId, changedThere }]));
}

async function followDeletion(deps: SyncDependencies, account: StoredAccount, wish: SyncWish): Promise<void> {
  await follow(deps, account, { state: 'deleted', cause: wish.cause });
  if (deps.onDeleted === 'freeze' || wish.freeze) return;
  const { tenantId } = deps;
  const requestId = `upstream-${account.accountRef}`;
  await deps.erase({ tenantId, subjectId: account.subjectId, requestId });
}

const ACTION = {
  active: 'upstream.account_resumed',
  suspended: 'upstream.account_suspended',
  deleted: 'upstream.account_deleted',
} as const;

async function follow(
  { database, tenantId, core }: SyncDependencies,
  { subjectId, auditRef, state: before }: StoredAccount,
  { state, cause }: { state: AccountState; cause: SyncCause },
): Promise<void> {
  if (state === before) return;
  const person = { tenantId, subjectId };
  if (state !== 'active') {
    await database.inTenant(tenantId, (tx) => endAllSessions(tx, person));
    // Before the state is noted: a core that is away keeps the job alive.
    await core.endPerson({ ...person, what: 'access' });
  }
  await database.inTenant(tenantId, async (tx) => {
    if (!(await changeState(tx, person, state))) return;
    if (state !== 'active') await endAllSessions(tx, person);
    const common = { tenantId, subjectRef: auditRef };
    await appendAudit(tx, 'cell', [
      { ...common, action: ACTION[state], data: { by: cause } },
      ...(cause === 'reconciliation'
        ? [{ ...common, action: 'upstream.change_missed' as const, data: { change: state } }]
        : []),
    ]);
  });
}
