import type { FastifyInstance } from 'fastify';
import { appendAudit } from '../../audit/audit-log.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { endSessions, listSessions } from '../people/account-sessions-repository.ts';
import { lockPerson } from '../people/people-repository.ts';
import { recentSignIns } from '../people/sign-ins-repository.ts';
import {
  type FormRequest,
  ownForm,
  PAGE,
  type SignedIn,
  signedInPerson,
  signInFirst,
} from './account-visitor.ts';
import type { PageDependencies } from './page-dependencies.ts';

const SIGN_INS = 100;

/**
 * `GET /account/security` shows where the person is signed in and when they signed in;
 * `POST /account/sessions/:session/end` and `POST /account/sessions/end-others` sign out there.
 */
export async function securityRoutes(app: FastifyInstance, deps: PageDependencies): Promise<void> {
  app.get('/account/security', PAGE, async (request, reply) => {
    const person = await signedInPerson(deps, request);
    if (!person) return signInFirst(deps, { request, reply }, { nextStep: '/account/security' });
    const { sessions, signIns } = await deps.database.inTenant(deps.tenantId, async (tx) => ({
      sessions: await listSessions(tx, { ...person, now: deps.now() }),
      signIns: await recentSignIns(tx, person, SIGN_INS),
    }));
    const t = deps.pages.translator(request, reply);
    const { done } = request.query as { done?: unknown };
    return deps.pages.send(reply, {
      ...{ t, template: 'security', title: t.text('security.title'), narrow: true, section: 'security' },
      path: '/account/security',
      data: {
        csrf: deps.csrf.tokenFor(person.sessionToken),
        done: done === 'signed_out' ? t.text('done.signed_out') : undefined,
        others: sessions.some(({ current }) => !current),
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
  });

  app.post('/account/sessions/end-others', PAGE, async (request: FormRequest, reply) => {
    await end(deps, await ownForm(deps, request), { sessionRef: undefined, requestId: request.id });
    return reply.redirect('/account/security?done=signed_out', 303);
  });

  app.post('/account/sessions/:session/end', PAGE, async (request: FormRequest, reply) => {
    const person = await ownForm(deps, request);
    const { session: sessionRef } = request.params as { session: string };
    const ended = await end(deps, person, { sessionRef, requestId: request.id });
    if (ended === 0) throw new UserrefError('not_found');
    return reply.redirect('/account/security?done=signed_out', 303);
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
