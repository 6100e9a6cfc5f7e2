import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { appendAudit } from '../../audit/audit-log.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { describeError } from '../../observability/logger.ts';
import { endSessions, listSessions } from '../people/account-sessions-repository.ts';
import { lockPerson } from '../people/people-repository.ts';
import { recentSignIns } from '../people/sign-ins-repository.ts';
import { type FormRequest, PAGE, recentForm, recentPerson, type SignedIn } from './account-visitor.ts';
import { inert } from './inert-text.ts';
import type { PageDependencies } from './page-dependencies.ts';
import { signOut } from './sign-out.ts';

const SIGN_INS = 100;
const PATH = '/account/security';
const DONE = `${PATH}?done=signed_out`;

/**
 * `GET /account/security` shows where the person is signed in, here and at sites, and when they signed in;
 * `POST /account/sessions/:session/end`, `…/sessions/end-others` and `…/core-sessions/:session/end` sign out there,
 * `POST /account/sign-out-everywhere` all over. All of it asks for credentials that are not old.
 */
export async function securityRoutes(app: FastifyInstance, deps: PageDependencies): Promise<void> {
  app.get(PATH, PAGE, async (request, reply) => {
    const person = await recentPerson(deps, { request, reply }, PATH);
    return person ? showSecurity(deps, person, { request, reply }) : reply;
  });

  app.post('/account/sessions/end-others', PAGE, async (request: FormRequest, reply) => {
    const person = await recentForm(deps, { request, reply }, PATH);
    if (!person) return reply;
    await end(deps, person, { sessionRef: undefined, requestId: request.id });
    return reply.redirect(DONE, 303);
  });

  app.post('/account/sessions/:session/end', PAGE, async (request: FormRequest, reply) => {
    const person = await recentForm(deps, { request, reply }, PATH);
    if (!person) return reply;
    const { session: sessionRef } = request.params as { session: string };
    const ended = await end(deps, person, { sessionRef, requestId: request.id });
    if (ended === 0) throw new UserrefError('not_found');
    return reply.redirect(DONE, 303);
  });

  app.post('/account/core-sessions/:session/end', PAGE, async (request: FormRequest, reply) => {
    const person = await recentForm(deps, { request, reply }, PATH);
    if (!person) return reply;
    const { session: sessionId } = request.params as { session: string };
    await deps.core.endSession({ ...keyOf(person), sessionId }).catch(unlessRefused);
    return reply.redirect(DONE, 303);
  });

  app.post('/account/sign-out-everywhere', PAGE, async (request: FormRequest, reply) => {
    const person = await recentForm(deps, { request, reply }, PATH);
    if (!person) return reply;
    // The sites first: who cannot end everything should read that nothing has changed.
    await endAtSites(deps, person);
    await end(deps, person, { sessionRef: undefined, requestId: request.id });
    return signOut(deps, { request, reply }, person.sessionToken);
  });
}

function keyOf({ tenantId, subjectId }: SignedIn) {
  return { tenantId, subjectId };
}

/** @throws UserrefError `service_unavailable` while the core does not answer */
function unlessRefused(cause: unknown): never {
  if (cause instanceof UserrefError && cause.code === 'not_found') throw cause;
  throw new UserrefError('service_unavailable', { cause, retryAfterSeconds: 5 });
}

async function endAtSites({ core }: PageDependencies, person: SignedIn): Promise<void> {
  const sessions = await core.listSessions(keyOf(person)).catch(unlessRefused);
  for (const { sessionId } of sessions)
    await core.endSession({ ...keyOf(person), sessionId }).catch((error: unknown) => {
      // One that ended meanwhile is as good as ended by us.
      if (!(error instanceof UserrefError) || error.code !== 'not_found') unlessRefused(error);
    });
}

async function end(
  deps: PageDependencies,
  person: SignedIn,
  which: { sessionRef: string | undefined; requestId: string },
): Promise<number> {
  const { tenantId } = deps;
  return deps.database.inTenant(tenantId, async (tx) => {
    const { auditRef: subjectRef } = await lockPerson(tx, person);
    const ended = await endSessions(tx, { ...person, sessionRef: which.sessionRef });
    const entry = { tenantId, subjectRef, requestId: which.requestId, action: 'account.signed_out' as const };
    if (ended > 0) await appendAudit(tx, 'cell', [{ ...entry, data: { sessions: ended } }]);
    return ended;
  });
}

async function showSecurity(
  deps: PageDependencies,
  person: SignedIn,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
) {
  const [atSites, { sessions, signIns }] = await Promise.all([
    deps.core.listSessions(keyOf(person)).catch((error: unknown) => {
      deps.logger.warn({ err: describeError(error) }, 'the core could not list the sessions at sites');
      return undefined;
    }),
    deps.database.inTenant(deps.tenantId, async (tx) => ({
      sessions: await listSessions(tx, { ...person, now: deps.now() }),
      signIns: await recentSignIns(tx, person, SIGN_INS),
    })),
  ]);
  const t = deps.pages.translator(request, reply);
  const { done } = request.query as { done?: unknown };
  return deps.pages.send(reply, {
    ...{ t, template: 'security', title: t.text('security.title'), narrow: true, section: 'security' },
    path: PATH,
    formTargets: [deps.upstream.client.formTarget],
    data: {
      csrf: deps.csrf.tokenFor(person.sessionToken),
      done: done === 'signed_out' ? t.text('done.signed_out') : undefined,
      others: sessions.some(({ current }) => !current),
      atSites: atSites?.map(({ sessionId, startedAt, expiresAt, sites }) => ({
        sessionId,
        sites: sites.length > 0 ? sites.map(({ name }) => inert(name)) : [t.text('security.sites.no')],
        since: t.moment(startedAt),
        until: t.moment(expiresAt),
      })),
      sessions: sessions.map((session) => ({
        ...session,
        since: t.moment(session.createdAt),
        until: t.moment(session.expiresAt),
      })),
      signIns: signIns.map(({ occurredAt }) => ({
        at: occurredAt.toISOString(),
        shown: t.moment(occurredAt),
      })),
    },
  });
}
