import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { UserrefError } from '../../errors/userref-error.ts';
import type { ConnectedSite } from '../../wall/core-gateway.ts';
import { changeDuration } from '../consent/change-duration.ts';
import { DURATIONS } from '../consent/consent.ts';
import { grantedRecords, liveRecord } from '../consent/consents-repository.ts';
import { disconnectSite } from '../consent/disconnect-site.ts';
import { localText } from '../consent/purpose-text.ts';
import { newestReceiptOf, storedPurpose } from '../consent/receipts-repository.ts';
import {
  type FormRequest,
  ownForm,
  PAGE,
  recentForm,
  recentPerson,
  type SignedIn,
  signedInPerson,
  signInFirst,
} from './account-visitor.ts';
import { durationRows, siteCard } from './consent-page.ts';
import { inert } from './inert-text.ts';
import { attributeLabel } from './masking.ts';
import { directionOf } from './messages/translator.ts';
import type { PageDependencies } from './page-dependencies.ts';

/**
 * Changing what is shared: `GET /account/consents/:consent` shows one consent and `POST` gives it another end;
 * `GET /account/sites/:site/disconnect` says what disconnecting means and `POST` does it. Disconnecting cannot be
 * undone, so it asks for credentials that are not old.
 */
export async function sharingRoutes(app: FastifyInstance, deps: PageDependencies): Promise<void> {
  app.get('/account/consents/:consent', PAGE, async (request, reply) => {
    const { consent: consentId } = request.params as { consent: string };
    const person = await signedInPerson(deps, request);
    if (!person) return signInFirst(deps, { request, reply }, { nextStep: '/account' });
    return showSharing(deps, person, consentId, { request, reply });
  });

  app.post('/account/consents/:consent', PAGE, async (request: FormRequest, reply) => {
    const person = await ownForm(deps, request);
    const { consent: consentId } = request.params as { consent: string };
    const duration = DURATIONS.find((one) => one === request.body?.duration);
    if (!duration) throw new UserrefError('invalid_request');
    await changeDuration(deps, { ...person, consentId, duration, requestId: request.id });
    return reply.redirect('/account?done=changed', 303);
  });

  app.get('/account/sites/:site/disconnect', PAGE, async (request, reply) => {
    const { site: siteId } = request.params as { site: string };
    const person = await recentPerson(deps, { request, reply }, disconnectPath(siteId));
    if (!person) return reply;
    const site = await connectedSite(deps, person, siteId);
    return showDisconnect(deps, person, site, { request, reply });
  });

  app.post('/account/sites/:site/disconnect', PAGE, async (request: FormRequest, reply) => {
    const { site: siteId } = request.params as { site: string };
    const person = await recentForm(deps, { request, reply }, disconnectPath(siteId));
    if (!person) return reply;
    const site = await connectedSite(deps, person, siteId);
    const { tenantId, subjectId } = person;
    await disconnectSite(deps, { tenantId, subjectId, siteId, siteName: site.name, requestId: request.id });
    return reply.redirect('/account?done=disconnected', 303);
  });
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

function disconnectPath(siteId: string): string {
  return `/account/sites/${encodeURIComponent(siteId)}/disconnect`;
}

/** @throws UserrefError `not_found`, `service_unavailable` while the core does not answer */
async function connectedSite(
  { core, database }: PageDependencies,
  { tenantId, subjectId }: SignedIn,
  siteId: string,
): Promise<Pick<ConnectedSite, 'siteId' | 'name' | 'origin'>> {
  const sites = await core.listConnectedSites({ tenantId, subjectId }).catch((cause: unknown) => {
    throw new UserrefError('service_unavailable', { cause, retryAfterSeconds: 5 });
  });
  const site = sites.find((one) => one.siteId === siteId);
  if (site) return site;
  // Shares without a pseudonym: the first login was never finished. It can be ended all the same.
  const granted = await database.inTenant(tenantId, (tx) =>
    grantedRecords(tx, { tenantId, subjectId }, siteId),
  );
  if (granted.length === 0) throw new UserrefError('not_found');
  return { siteId, name: siteId, origin: '' };
}

async function showSharing(
  deps: PageDependencies,
  person: SignedIn,
  consentId: string,
  { request, reply }: Exchange,
) {
  const { tenantId } = deps;
  const now = deps.now();
  const found = await deps.database.inTenant(tenantId, async (tx) => {
    const record = await liveRecord(tx, person, { consentId, now });
    if (!record) return undefined;
    const { siteId, purposeId, purposeVersion: version } = record;
    const purpose = await storedPurpose(tx, { tenantId, siteId, purposeId, version });
    return { record, purpose, receipt: await newestReceiptOf(tx, person, consentId) };
  });
  if (!found) throw new UserrefError('not_found');
  const { record, purpose, receipt } = found;
  const t = deps.pages.translator(request, reply);
  const text = localText(purpose?.texts ?? {}, t.locale);
  const label = attributeLabel(record.attribute, t.locale, deps.catalogue);
  const site = siteCard({ name: receipt?.siteName ?? record.siteId, origin: receipt?.siteOrigin ?? '' });
  return deps.pages.send(reply, {
    ...{ t, template: 'sharing', narrow: true, section: 'data', path: `/account/consents/${consentId}` },
    title: t.text('change.title', { attribute: label }),
    data: {
      csrf: deps.csrf.tokenFor(person.sessionToken),
      consentId,
      label,
      site,
      purpose: {
        locale: text.locale,
        direction: directionOf(text.locale),
        title: inert(text.title),
        description: inert(text.description),
        recipients: inert(text.recipients ?? site.name),
      },
      since: t.date(record.decidedAt),
      until: t.date(record.expiresAt ?? now),
      lastRead: record.lastReadAt ? t.date(record.lastReadAt) : undefined,
      reads: t.text('site.reads', { count: record.reads }),
      durations: durationRows({ maxDurationDays: purpose?.maxDurationDays ?? 30 }, t, now),
      receipt: receipt && `/account/receipts/${receipt.receiptId}`,
    },
  });
}

function showDisconnect(
  deps: PageDependencies,
  person: SignedIn,
  site: Pick<ConnectedSite, 'siteId' | 'name' | 'origin'>,
  { request, reply }: Exchange,
) {
  const t = deps.pages.translator(request, reply);
  const card = siteCard(site);
  return deps.pages.send(reply, {
    ...{ t, template: 'disconnect', narrow: true, section: 'data', path: disconnectPath(site.siteId) },
    title: t.text('disconnect.title', { site: card.name }),
    formTargets: [deps.upstream.client.formTarget],
    data: {
      csrf: deps.csrf.tokenFor(person.sessionToken),
      site: card,
      action: disconnectPath(site.siteId),
    },
  });
}
