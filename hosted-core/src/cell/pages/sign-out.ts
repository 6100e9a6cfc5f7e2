import type { FastifyReply, FastifyRequest } from 'fastify';
import { appendAudit } from '../../audit/audit-log.ts';
import { describeError } from '../../observability/logger.ts';
import { deleteSession } from '../people/account-sessions-repository.ts';
import { tokenHash } from '../people/opaque-token.ts';
import type { PageDependencies } from './page-dependencies.ts';

export const SIGNED_OUT_PATH = '/account/signed-out';

/** Ends this browser's account session. */
export async function endSession(
  deps: Pick<PageDependencies, 'database' | 'tenantId'>,
  sessionToken: string | undefined,
  requestId: string,
): Promise<void> {
  if (!sessionToken) return;
  const { tenantId } = deps;
  await deps.database.inTenant(tenantId, async (tx) => {
    const subjectRef = await deleteSession(tx, { tenantId, sessionHash: tokenHash(sessionToken) });
    if (subjectRef)
      await appendAudit(tx, 'cell', [{ tenantId, action: 'account.signed_out', subjectRef, requestId }]);
  });
}

/** Signs out in this browser, here and at the upstream; here even when the upstream is away. */
export async function signOut(
  deps: PageDependencies,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  sessionToken: string,
): Promise<FastifyReply> {
  await deps.upstream.revokeTokens(tokenHash(sessionToken)).catch((error: unknown) => {
    deps.logger.warn({ err: describeError(error) }, 'could not revoke a refresh token at the upstream');
  });
  await endSession(deps, sessionToken, request.id);
  deps.cookies.clearAccount(reply);
  const upstream = await deps.upstream.client.signOutUrl().catch((error: unknown) => {
    deps.logger.warn({ err: describeError(error) }, 'signed out here, but not at the upstream');
    return undefined;
  });
  return reply.redirect(upstream?.href ?? SIGNED_OUT_PATH, 303);
}
