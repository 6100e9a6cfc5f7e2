import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeError } from '../../observability/logger.ts';
import { recentActivity } from '../consent/consent-events-repository.ts';
import { listDisconnections } from '../consent/disconnections-repository.ts';
import { withdrawConsent, withdrawSite } from '../consent/withdraw-consent.ts';
import { findDeletion } from '../own-data/deletion-requests-repository.ts';
import { accountPage } from './account-page.ts';
import { accountConsents } from './account-repository.ts';
import {
  type FormRequest,
  ownForm,
  PAGE,
  type SignedIn,
  signedInPerson,
  signInFirst,
} from './account-visitor.ts';
import type { PageDependencies } from './page-dependencies.ts';
import { SIGNED_OUT_PATH, signOut } from './sign-out.ts';

const ACTIVITY_ROWS = 8;

/**
 * My data: `GET /account` shows it, `POST /account/consents/:consent/withdraw` and
 * `POST /account/sites/:site/withdraw` stop sharing, `POST /account/sign-out` signs out here and at the upstream.
 */
export async function accountRoutes(app: FastifyInstance, deps: PageDependencies): Promise<void> {
  app.get('/account', PAGE, async (request, reply) => {
    const person = await signedInPerson(deps, request);
    if (!person) return signInFirst(deps, { request, reply }, { nextStep: '/account' });
    return showAccount(deps, person, request, reply);
  });

  app.post('/account/consents/:consent/withdraw', PAGE, async (request: FormRequest, reply) => {
    const { subjectId } = await ownForm(deps, request);
    const { consent: consentId } = request.params as { consent: string };
    const ended = await withdrawConsent(deps, {
      tenantId: deps.tenantId,
      subjectId,
      consentId,
      requestId: request.id,
    });
    return reply.redirect(doneAddress(ended), 303);
  });

  app.post('/account/sites/:site/withdraw', PAGE, async (request: FormRequest, reply) => {
    const { subjectId } = await ownForm(deps, request);
    const { site: siteId } = request.params as { site: string };
    const ended = await withdrawSite(deps, {
      tenantId: deps.tenantId,
      subjectId,
      siteId,
      requestId: request.id,
    });
    return reply.redirect(doneAddress(ended), 303);
  });

  app.post('/account/sign-out', PAGE, async (request: FormRequest, reply) => {
    const { sessionToken } = await ownForm(deps, request);
    return signOut(deps, { request, reply }, sessionToken);
  });

  app.get(SIGNED_OUT_PATH, PAGE, async (request, reply) => {
    const t = deps.pages.translator(request, reply);
    return deps.pages.send(reply, {
      template: 'message',
      title: t.text('signedOut.title'),
      t,
      narrow: true,
      path: SIGNED_OUT_PATH,
      data: {
        text: t.text('signedOut.text'),
        links: [{ href: '/account', label: t.text('signedOut.again'), quiet: true }],
      },
    });
  });
}

async function showAccount(
  deps: PageDependencies,
  person: SignedIn,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { tenantId } = deps;
  const key = { tenantId, subjectId: person.subjectId };
  const [own, sites, purges, { consents, activity, disconnections, deletion }] = await Promise.all([
    deps.ownAttributes.read({ ...key, requestId: request.id }),
    deps.core.listConnectedSites(key).catch((error: unknown) => {
      deps.logger.warn({ err: describeError(error) }, 'the core could not list the connected sites');
      return undefined;
    }),
    deps.core.purgeConfirmations(key).catch((error: unknown) => {
      deps.logger.warn({ err: describeError(error) }, 'the core could not say which sites have purged');
      return undefined;
    }),
    deps.database.inTenant(tenantId, async (tx) => ({
      deletion: await findDeletion(tx, key),
      consents: await accountConsents(tx, { ...key, now: deps.now() }),
      activity: await recentActivity(tx, { ...key, limit: ACTIVITY_ROWS }),
      disconnections: await listDisconnections(tx, key),
    })),
  ]);
  const requestIds = disconnections.map(({ requestId }) => requestId);
  const told =
    requestIds.length === 0
      ? []
      : await deps.core.disconnectedSites({ tenantId, requestIds }).catch((error: unknown) => {
          deps.logger.warn({ err: describeError(error) }, 'the core could not say which sites were told');
          return undefined;
        });
  const t = deps.pages.translator(request, reply);
  const { done } = request.query as { done?: unknown };
  const csrf = deps.csrf.tokenFor(person.sessionToken);
  const data = accountPage({
    ...{ own, sites, consents, activity, disconnections, told, purges, csrf, done, t },
    deletionDue: deletion?.dueAt,
    region: deps.region,
    definitions: deps.catalogue,
  });
  const title = t.text('account.title');
  return deps.pages.send(reply, {
    template: 'account',
    title,
    t,
    data,
    path: '/account',
    section: 'data',
    formTargets: [deps.upstream.client.formTarget],
  });
}

function doneAddress(ended: number): string {
  return `/account?done=${ended > 0 ? 'stopped' : 'already'}`;
}
