import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { UserrefError } from '../../errors/userref-error.ts';
import { DURATIONS, type Duration } from '../consent/consent.ts';
import { standingDecisions } from '../consent/consents-repository.ts';
import { finishWith, finishWithConsent } from '../interactions/finish-interaction.ts';
import { openInteraction, type SessionFacts } from '../interactions/interactions-repository.ts';
import { tokenHash } from '../people/opaque-token.ts';
import { PAGE } from './account-visitor.ts';
import { consentPage, siteCard } from './consent-page.ts';
import { agreedWording, showChoice, showOtherPerson, showReceipt } from './interaction-pages.ts';
import { pathOf, targets, type Visit } from './interaction-visit.ts';
import type { PageDependencies } from './page-dependencies.ts';
import { endSession } from './sign-out.ts';

type IdRequest = FastifyRequest<{ Params: { id: string }; Body: Form | undefined }>;
type Form = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The pages that the core sends browsers to. `GET /interaction/:id` signs in or asks for consent;
 * `POST …/consent` takes the answer, `…/continue` goes on as who is signed in, `…/switch` signs in as
 * somebody else, `…/cancel` gives up.
 */
export async function interactionRoutes(app: FastifyInstance, deps: PageDependencies): Promise<void> {
  app.get('/interaction/:id', PAGE, async (request: IdRequest, reply) => {
    const visit = await openVisit(deps, request, reply);
    if (visit.outcome) return reply.redirect(await finishWith(deps, visit, visit.outcome), 303);
    const { session } = visit;
    if (!session || (visit.request.forceLogin && !session.fresh)) return signInFirst(deps, visit, reply);
    if (visit.request.chooseAccount && !session.fresh)
      return showChoice(deps, visit, session, { request, reply });
    if (visit.request.kind === 'login')
      return reply.redirect(await finishWith(deps, visit, signedIn(deps, session)), 303);
    if (session.subjectId !== visit.request.subjectId)
      return showOtherPerson(deps, visit, session, { request, reply });
    return showConsent(deps, visit, session, { request, reply });
  });

  app.post('/interaction/:id/consent', PAGE, async (request: IdRequest, reply) => {
    const visit = await openForm(deps, request, reply);
    const { session } = visit;
    if (!session || visit.request.kind !== 'consent' || session.subjectId !== visit.request.subjectId) {
      throw new UserrefError('csrf_rejected');
    }
    if (visit.outcome) return reply.redirect(await finishWith(deps, visit, visit.outcome), 303);
    const t = deps.pages.translator(request, reply, visit.request.uiLocales);
    const choice = { subjectId: session.subjectId, locale: t.locale, ...readChoice(request.body ?? {}) };
    const { next, receiptId } = await finishWithConsent(deps, visit, choice);
    if (receiptId && request.body?.then === 'receipt')
      return showReceipt(deps, visit, { next, receiptId, request, reply });
    return reply.redirect(next, 303);
  });

  app.post('/interaction/:id/continue', PAGE, async (request: IdRequest, reply) => {
    const visit = await openForm(deps, request, reply);
    const { session } = visit;
    if (!session || visit.request.kind !== 'login' || visit.request.forceLogin)
      throw new UserrefError('csrf_rejected');
    return reply.redirect(await finishWith(deps, visit, signedIn(deps, session)), 303);
  });

  app.post('/interaction/:id/switch', PAGE, async (request: IdRequest, reply) => {
    const visit = await openForm(deps, request, reply);
    await endSession(deps, visit.sessionToken, request.id);
    deps.cookies.clearAccount(reply);
    return signInFirst(deps, visit, reply, { force: true });
  });

  app.post('/interaction/:id/cancel', PAGE, async (request: IdRequest, reply) => {
    const visit = await openForm(deps, request, reply);
    return reply.redirect(
      await finishWith(deps, visit, { result: 'cancelled', reason: 'other_person' }),
      303,
    );
  });
}

/** @throws UserrefError `interaction_not_found` (unknown, another browser's), `interaction_expired` (over) */
async function openVisit(deps: PageDependencies, request: IdRequest, reply: FastifyReply): Promise<Visit> {
  const interactionId = request.params.id;
  const browserHash = deps.cookies.browser(request, reply);
  const sessionToken = deps.cookies.account(request);
  const now = deps.now();
  const open = await openInteraction(deps.database, {
    tenantId: deps.tenantId,
    interactionHash: tokenHash(interactionId),
    browserHash,
    sessionHash: sessionToken ? tokenHash(sessionToken) : undefined,
    now,
  });
  if (!open) throw new UserrefError('interaction_not_found');
  if (open.redeemed || open.expiresAt <= now) throw new UserrefError('interaction_expired');
  return { ...open, interactionId, browserHash, requestId: request.id, sessionToken };
}

/** As {@link openVisit}, for a form of a signed-in person. @throws UserrefError `csrf_rejected` */
async function openForm(
  deps: PageDependencies,
  request: IdRequest,
  reply: FastifyReply,
): Promise<Visit & { sessionToken: string }> {
  const visit = await openVisit(deps, request, reply);
  const { sessionToken } = visit;
  if (!visit.session || !sessionToken) throw new UserrefError('csrf_rejected');
  deps.csrf.check(sessionToken, request.body?.csrf);
  return { ...visit, sessionToken };
}

async function signInFirst(
  deps: PageDependencies,
  visit: Visit,
  reply: FastifyReply,
  wish: { force?: true } = {},
) {
  const force = wish.force ?? visit.request.forceLogin ?? visit.request.chooseAccount;
  const { uiLocales, firstScreen } = visit.request;
  const loginHint = deps.loginHints?.open(visit);
  const url = await deps.upstream.start({
    browserHash: visit.browserHash,
    nextStep: pathOf(visit),
    uiLocales,
    ...(force && { force }),
    ...(firstScreen && { firstScreen }),
    ...(loginHint && { loginHint }),
  });
  if (loginHint) await deps.loginHints?.erase(tokenHash(visit.interactionId));
  return reply.redirect(url, 303);
}

function signedIn(deps: PageDependencies, session: SessionFacts) {
  return {
    result: 'signed_in',
    subjectId: session.subjectId,
    region: deps.region,
    assuranceLevel: session.assuranceLevel,
    authTime: Math.floor(session.authTime.getTime() / 1000),
    amr: session.amr,
  } as const;
}

interface Exchange {
  readonly request: IdRequest;
  readonly reply: FastifyReply;
}

async function showConsent(
  deps: PageDependencies,
  visit: Visit,
  session: SessionFacts,
  { request, reply }: Exchange,
) {
  const { ask, site } = visit.request;
  if (!ask || !visit.sessionToken)
    throw new UserrefError('internal_error', { logDetail: 'a consent page without a question' });
  const t = deps.pages.translator(request, reply, visit.request.uiLocales);
  const { tenantId } = deps;
  const { subjectId } = session;
  const own = await deps.ownAttributes.read({ tenantId, subjectId, requestId: request.id });
  const decisions = await standingDecisions(deps.database, {
    tenantId,
    subjectId,
    siteId: site.siteId,
    purposeId: ask.purpose.purposeId,
  });
  const csrf = deps.csrf.tokenFor(visit.sessionToken);
  const data = consentPage({
    interactionId: visit.interactionId,
    site,
    ask,
    own,
    decisions,
    csrf,
    t,
    now: deps.now(),
    agreed: await agreedWording(deps, visit, decisions),
    definitions: deps.catalogue,
  });
  const title = t.text('consent.title', { site: siteCard(site).name });
  return deps.pages.send(reply, {
    template: 'consent',
    title,
    t,
    data,
    narrow: true,
    path: pathOf(visit),
    formTargets: targets(deps, visit),
  });
}

function readChoice(form: Form): { selected: string[]; duration: Duration } {
  const duration = DURATIONS.find((known) => known === form.duration) ?? 'once';
  // Anything but a clear yes is a no.
  if (form.decision !== 'share') return { selected: [], duration };
  return { selected: [form.attribute ?? []].flat(), duration };
}
