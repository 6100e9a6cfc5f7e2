import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StandingDecision } from '../consent/consent.ts';
import { type StoredPurpose, storedPurpose } from '../consent/receipts-repository.ts';
import type { SessionFacts } from '../interactions/interactions-repository.ts';
import { siteCard } from './consent-page.ts';
import { pathOf, targets, type Visit } from './interaction-visit.ts';
import { maskedName } from './own-data.ts';
import type { PageDependencies } from './page-dependencies.ts';

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The wording that the person agreed to before the one they are asked under now; the newest of them. */
export async function agreedWording(
  deps: PageDependencies,
  { request }: Visit,
  decisions: readonly StandingDecision[],
): Promise<StoredPurpose | undefined> {
  const { ask, site, tenantId } = request;
  if (!ask) return undefined;
  const versions = decisions
    .filter(({ attribute, state }) => state === 'granted' && ask.attributes.includes(attribute))
    .map(({ purposeVersion }) => purposeVersion)
    .filter((version) => version !== ask.purpose.version);
  if (versions.length === 0) return undefined;
  const { purposeId } = ask.purpose;
  const key = { tenantId, siteId: site.siteId, purposeId, version: Math.max(...versions) };
  return deps.database.inTenant(tenantId, (tx) => storedPurpose(tx, key));
}

/** «Continue as …, or as somebody else»: only when the site asked for the choice. */
export async function showChoice(
  deps: PageDependencies,
  visit: Visit,
  session: SessionFacts,
  exchange: Exchange,
) {
  const t = deps.pages.translator(exchange.request, exchange.reply, visit.request.uiLocales);
  const site = siteCard(visit.request.site);
  const data = {
    ...(await personForm(deps, visit, session, exchange)),
    site,
    continueAction: `${pathOf(visit)}/continue`,
  };
  return deps.pages.send(exchange.reply, {
    ...{ t, data, template: 'choose', title: t.text('choose.title', { site: site.name }) },
    ...{ narrow: true, path: pathOf(visit), formTargets: targets(deps, visit) },
  });
}

/** Somebody else is signed in here than the core asked about. */
export async function showOtherPerson(
  deps: PageDependencies,
  visit: Visit,
  session: SessionFacts,
  exchange: Exchange,
) {
  const t = deps.pages.translator(exchange.request, exchange.reply, visit.request.uiLocales);
  const data = {
    ...(await personForm(deps, visit, session, exchange)),
    site: siteCard(visit.request.site),
    cancelAction: `${pathOf(visit)}/cancel`,
  };
  return deps.pages.send(exchange.reply, {
    ...{ t, data, template: 'other-person', title: t.text('otherPerson.title') },
    ...{ narrow: true, path: pathOf(visit), formTargets: targets(deps, visit) },
  });
}

async function personForm(deps: PageDependencies, visit: Visit, session: SessionFacts, exchange: Exchange) {
  const t = deps.pages.translator(exchange.request, exchange.reply, visit.request.uiLocales);
  const own = await deps.ownAttributes.read({
    tenantId: deps.tenantId,
    subjectId: session.subjectId,
    requestId: exchange.request.id,
  });
  return {
    who: maskedName(own, t),
    csrf: deps.csrf.tokenFor(visit.sessionToken ?? ''),
    switchAction: `${pathOf(visit)}/switch`,
  };
}

/** The receipt right after the decision, and the way on. */
export function showReceipt(
  deps: PageDependencies,
  visit: Visit,
  { next, receiptId, request, reply }: Exchange & { next: string; receiptId: string },
) {
  const t = deps.pages.translator(request, reply, visit.request.uiLocales);
  return deps.pages.send(reply, {
    ...{ t, template: 'shared', title: t.text('shared.title'), narrow: true, path: '/account/receipts' },
    data: { next, receipt: `/account/receipts/${receiptId}`, site: siteCard(visit.request.site) },
  });
}
