import { createHash } from 'node:crypto';
import type { Database } from '../../../database/database.ts';
import { UserrefError } from '../../../errors/userref-error.ts';
import { endSessions } from '../accounts/end-sessions.ts';
import { scheduleSync } from '../accounts/sync-account.ts';
import type { UpstreamAccounts } from '../accounts/upstream-accounts.ts';
import { takeOnce } from './deliveries-repository.ts';
import { readLogtoEvent } from './logto-event.ts';
import { isSignedByLogto } from './webhook-signature.ts';

export interface WebhookDependencies {
  readonly database: Database;
  readonly tenantId: string;
  readonly accounts: UpstreamAccounts;
  /** Signing keys that count now, the newest first. */
  readonly keys: readonly string[];
  readonly now: () => Date;
}

export interface ReceivedWebhook {
  /** Exactly as it came. */
  readonly body: Buffer;
  readonly signature: unknown;
  readonly requestId: string;
}

/** Logto sends at once, and gives up after ten seconds; the rest is for clocks. */
export const REPLAY_WINDOW_MS = 300_000;

/**
 * Takes an event of Logto's as a hint: sessions end at once where it says so, everything else follows from looking
 * the account up. Nothing of the body is kept but its hash.
 * @throws UserrefError `invalid_token` for a wrong signature, `invalid_request` for what is no event or outside of
 *   the time in which it can have been sent
 */
export async function receiveWebhook(
  { database, tenantId, accounts, keys, now }: WebhookDependencies,
  { body, signature, requestId }: ReceivedWebhook,
): Promise<void> {
  if (!isSignedByLogto(body, signature, keys)) throw new UserrefError('invalid_token');
  const event = readLogtoEvent(body);
  const receivedAt = now();
  const late = Math.abs(receivedAt.getTime() - (event?.createdAt.getTime() ?? 0)) > REPLAY_WINDOW_MS;
  if (!event || late) throw new UserrefError('invalid_request', { logDetail: 'no event of these minutes' });
  if (event.meaning === 'ignore' || !event.userId) return;
  const { userId, why } = event;
  await database.inTenant(tenantId, async (tx) => {
    const sha256 = createHash('sha256').update(body).digest();
    if (!(await takeOnce(tx, { tenantId, sha256, receivedAt }))) return;
    const [account] = await accounts.findBySub(tx, [userId]);
    if (!account) return;
    const { subjectId, auditRef } = account;
    if (!account.kept) await accounts.keep(tx, [{ subjectId, sub: userId }]);
    if (why) await endSessions(tx, { tenantId, subjectId, auditRef, why, requestId });
    await scheduleSync(tx, { tenantId, subjectId, cause: 'webhook' });
  });
}
