import type { FastifyInstance } from 'fastify';
import { appendAudit } from '../../audit/audit-log.ts';
import { signInPerson } from '../people/sign-in-person.ts';
import { startOverAt } from './error-page.ts';
import type { PageDependencies } from './page-dependencies.ts';

export const UPSTREAM_CALLBACK_PATH = '/upstream/callback';

/** `GET /upstream/callback`: the browser comes back from the sign-in service. */
export async function upstreamRoutes(app: FastifyInstance, deps: PageDependencies): Promise<void> {
  app.get(UPSTREAM_CALLBACK_PATH, { config: { answers: 'page' } }, async (request, reply) => {
    // Our registered address, whatever the Host header says.
    const callback = new URL(`${deps.cellUrl}${UPSTREAM_CALLBACK_PATH}`);
    callback.search = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
    const answer = await deps.upstream.finish(callback, {
      browserHash: deps.cookies.browser(request, reply),
      onTaken: (nextStep) => startOverAt(request, nextStep),
    });
    if ('cancelled' in answer) {
      await noteFailure(deps, answer.cancelled, request.id);
      const t = deps.pages.translator(request, reply);
      return deps.pages.send(reply, {
        template: 'message',
        title: t.text('error.sign_in_cancelled.title'),
        t,
        narrow: true,
        path: '/account',
        data: {
          text: t.text('error.sign_in_cancelled.text'),
          links: [{ href: answer.nextStep, label: t.text('error.retry') }],
        },
      });
    }
    const oldSessionToken = deps.cookies.account(request);
    const session = await signInPerson({ ...deps, issuer: deps.upstreamIssuer }, answer.identity, {
      requestId: request.id,
      forced: answer.forced,
      oldSessionToken,
    });
    deps.cookies.setAccount(reply, session.token);
    return reply.redirect(answer.nextStep, 303);
  });
}

/** @param error an OAuth error code of the upstream; anything else than a code is not kept */
async function noteFailure(
  { database, tenantId }: PageDependencies,
  error: string,
  requestId: string,
): Promise<void> {
  const reason = /^[a-z_]{1,60}$/.test(error) ? error : 'unknown';
  await database.inTenant(tenantId, (tx) =>
    appendAudit(tx, 'cell', [{ tenantId, action: 'account.sign_in_failed', requestId, data: { reason } }]),
  );
}
