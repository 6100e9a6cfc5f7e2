import { createHash } from 'node:crypto';
import type { Database } from '../../../database/database.ts';
import { UserrefError } from '../../../errors/userref-error.ts';
import { endSessions, noteEnded, scheduleEnding } from '../accounts/end-sessions.ts';
import type { UpstreamAccounts } from '../accounts/upstream-accounts.ts';
import { endSessionsBySid } from '../accounts/upstream-sessions-repository.ts';
import type { UpstreamClient } from '../upstream-client.ts';
import { takeOnce } from './deliveries-repository.ts';

export interface LogoutDependencies {
  readonly database: Database;
  readonly tenantId: string;
  readonly accounts: UpstreamAccounts;
  readonly client: Pick<UpstreamClient, 'issuer' | 'verifyLogoutToken'>;
  readonly now: () => Date;
}

/**
 * Back-channel logout from the upstream: ends the sessions that began with its session, here and at the core; all of
 * the person's where it names none.
 * @throws UserrefError `invalid_request` for a token that does not verify; a replay changes nothing
 */
export async function receiveLogout(
  deps: LogoutDependencies,
  { logoutToken, requestId }: { logoutToken: unknown; requestId: string },
): Promise<void> {
  const { database, tenantId, accounts, client, now } = deps;
  const { sub, sid, jti } = await verified(deps, logoutToken);
  await database.inTenant(tenantId, async (tx) => {
    const sha256 = createHash('sha256').update(`logout\n${client.issuer}\n${jti}`).digest();
    if (!(await takeOnce(tx, { tenantId, sha256, receivedAt: now() }))) return;
    if (sid === undefined) {
      const [account] = await accounts.findBySub(tx, [sub ?? '']);
      if (account) await endSessions(tx, { ...account, tenantId, why: 'signed_out', requestId });
      return;
    }
    const ended = await endSessionsBySid(tx, { tenantId, sidHash: accounts.sidHash(sid) });
    for (const { subjectId, auditRef, authTime } of ended) {
      await noteEnded(tx, { tenantId, auditRef, why: 'signed_out', requestId }, 1);
      const seconds = Math.floor(authTime.getTime() / 1000);
      await scheduleEnding(tx, { tenantId, subjectId, what: 'sessions', authTime: seconds });
    }
  });
}

async function verified({ client }: LogoutDependencies, token: unknown) {
  if (typeof token !== 'string') throw new UserrefError('invalid_request');
  try {
    return await client.verifyLogoutToken(token);
  } catch (error) {
    if (error instanceof UserrefError) throw error;
    const { code } = error as { code?: unknown };
    throw new UserrefError('invalid_request', { logDetail: `logout token: ${String(code ?? 'unknown')}` });
  }
}
