import { createHash } from 'node:crypto';
import { appendAudit } from '../../../audit/audit-log.ts';
import { endSessions } from '../accounts/end-sessions.ts';
import type { LogtoDelivery } from '../management/logto-management.ts';
import { ManagementError } from '../management/management-error.ts';
import { takeOnce } from '../webhooks/deliveries-repository.ts';
import { logtoEventOf } from '../webhooks/logto-event.ts';
import type { ReconcileDependencies } from './reconcile-dependencies.ts';
import { deliveriesReadUntil, type Round, saveDeliveriesRead } from './rounds-repository.ts';

/** Entries of one moment are not always there in their order. */
const OVERLAP_MS = 60_000;

/**
 * Logto sends an event once, and notes when that failed: what it could not deliver here since the last round is
 * followed now. A password reset leaves no other trace that can be relied on.
 */
export async function followLostDeliveries(deps: ReconcileDependencies, round: Round): Promise<void> {
  const { database, tenantId, management } = deps;
  const before = management.requests;
  const until = await database.inTenant(tenantId, (tx) => deliveriesReadUntil(tx, tenantId));
  const newest = until ? await readSince(deps, until) : undefined;
  await database.inTenant(tenantId, (tx) =>
    saveDeliveriesRead(tx, tenantId, {
      roundId: round.roundId,
      until: newest ?? until ?? round.startedAt,
      requests: management.requests - before,
    }),
  );
}

/** @returns when the newest entry was made */
async function readSince(deps: ReconcileDependencies, until: Date): Promise<Date | undefined> {
  const { management, webhookUrl } = deps;
  const hook = (await management.listHooks()).find(({ config }) => config.url === webhookUrl);
  if (!hook) return undefined;
  const since = until.getTime() - OVERLAP_MS;
  let newest: Date | undefined;
  for (let page = 1; ; page += 1) {
    const { deliveries, isLast } = await management.listDeliveries(hook.id, page).catch(unlessAway);
    for (const delivery of deliveries) {
      if (!newest || delivery.createdAt > newest) newest = delivery.createdAt;
      if (delivery.failed && delivery.createdAt.getTime() > since) await follow(deps, delivery);
    }
    if (isLast || deliveries.some(({ createdAt }) => createdAt.getTime() <= since)) return newest;
  }
}

/** The hook was deleted meanwhile, or this Logto keeps no such record: then the rest of the round has to do. */
function unlessAway(error: unknown): { deliveries: never[]; isLast: true } {
  if (!(error instanceof ManagementError) || error.isTransient) throw error;
  return { deliveries: [], isLast: true };
}

/** New passwords only: what else can happen is seen on the pages of users. */
async function follow(
  { database, tenantId, accounts, now }: ReconcileDependencies,
  { id, event }: LogtoDelivery,
): Promise<void> {
  const { userId, why } = logtoEventOf(event) ?? {};
  if (!userId || why !== 'password_reset') return;
  const sha256 = createHash('sha256').update(`delivery\n${id}`).digest();
  await database.inTenant(tenantId, async (tx) => {
    if (!(await takeOnce(tx, { tenantId, sha256, receivedAt: now() }))) return;
    const [account] = await accounts.findBySub(tx, [userId]);
    if (!account) return;
    const { subjectId, auditRef: subjectRef } = account;
    await endSessions(tx, { tenantId, subjectId, auditRef: subjectRef, why });
    const data = { change: why };
    await appendAudit(tx, 'cell', [{ tenantId, action: 'upstream.change_missed', subjectRef, data }]);
  });
}
