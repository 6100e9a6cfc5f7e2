import type { ConnectedSite } from '../../wall/core-gateway.ts';
import type { DisconnectedSite } from '../../wall/disconnection.ts';
import type { PurgeConfirmation } from '../../wall/revocation.ts';
import type { ActivityRow } from '../consent/consent-events-repository.ts';
import type { Disconnection } from '../consent/disconnections-repository.ts';
import { localText } from '../consent/purpose-text.ts';
import type { OpenedAttribute } from '../vault/stored-attributes.ts';
import type { AccountConsent } from './account-repository.ts';
import { siteCard } from './consent-page.ts';
import { inert } from './inert-text.ts';
import { attributeLabel, type Definitions, type ListedDefinitions } from './masking.ts';
import { directionOf, type Translator } from './messages/translator.ts';
import { ownDataRows } from './own-data.ts';

/** The latest are enough; the activity has all of them. */
const PURGE_ROWS = 12;

export interface AccountPageInput {
  readonly own: readonly OpenedAttribute[];
  /** `undefined` when the core could not be asked. */
  readonly sites: readonly ConnectedSite[] | undefined;
  readonly consents: readonly AccountConsent[];
  readonly activity: readonly ActivityRow[];
  readonly disconnections: readonly Disconnection[];
  /** What became of telling those sites; `undefined` when the core could not be asked. */
  readonly told: readonly DisconnectedSite[] | undefined;
  /** Which sites confirmed that they purged what they were told to; `undefined` when the core could not be asked. */
  readonly purges: readonly PurgeConfirmation[] | undefined;
  /** When the account will be deleted, if the person asked for that. */
  readonly deletionDue: Date | undefined;
  readonly definitions: ListedDefinitions;
  readonly region: string;
  readonly csrf: string;
  /** What was just done, from the address. */
  readonly done: unknown;
  readonly t: Translator;
}

/** What My data shows, ready for its template. */
export function accountPage(input: AccountPageInput): Record<string, unknown> {
  const { t, sites = [] } = input;
  const bySite = Map.groupBy(input.consents, ({ siteId }) => siteId);
  const known = new Set(sites.map(({ siteId }) => siteId));
  // A site that shares must be listed, whatever the core knows of it, or nobody could stop it.
  const unknown = [...bySite.keys()].filter((siteId) => !known.has(siteId));
  const names = new Map(sites.map(({ siteId, name }) => [siteId, inert(name)]));
  const cards = [
    ...sites.map((site) => siteRow(site, bySite.get(site.siteId) ?? [], input)),
    ...unknown.map((siteId) => ({
      siteId,
      ...siteCard({ name: siteId, origin: '' }),
      consents: consentRows(bySite.get(siteId) ?? [], input),
    })),
  ];
  return {
    csrf: input.csrf,
    region: input.region,
    done: doneMessage(input.done, t),
    sites: cards,
    sitesUnavailable: input.sites === undefined,
    summary: cards.length > 0 ? summary(cards.length, bySite.size, t) : undefined,
    data: ownDataRows(input.own, t, input.definitions),
    activity: input.activity.map((row) => activityRow(row, names, t, input.definitions)),
    missing: missingRows(input),
    purges: input.purges?.map((one) => purgeRow(one, input)).slice(0, PURGE_ROWS),
    deletion: input.deletionDue && t.text('delete.pending', { date: t.date(input.deletionDue) }),
    disconnected: input.disconnections.map((one) => disconnectedRow(one, input)),
  };
}

function siteRow(site: ConnectedSite, consents: readonly AccountConsent[], input: AccountPageInput) {
  const { t } = input;
  return {
    siteId: site.siteId,
    ...siteCard(site),
    connectedSince: t.date(site.connectedAt),
    lastSignIn: t.date(site.lastSignInAt),
    consents: consentRows(consents, input),
  };
}

function consentRows(consents: readonly AccountConsent[], { t, definitions }: AccountPageInput) {
  return consents.map((consent) => {
    const purpose = localText(consent.texts ?? {}, t.locale);
    return {
      consentId: consent.consentId,
      label: attributeLabel(consent.attribute, t.locale, definitions),
      purpose: inert(purpose.description),
      purposeLocale: purpose.locale,
      purposeDirection: directionOf(purpose.locale),
      since: t.date(consent.decidedAt),
      until: t.date(consent.expiresAt),
      lastRead: consent.lastReadAt ? t.date(consent.lastReadAt) : undefined,
      reads: consent.reads > 0 ? t.text('site.reads', { count: consent.reads }) : undefined,
    };
  });
}

function summary(sites: number, readers: number, t: Translator): string {
  return [
    t.text('account.sites.count', { count: sites }),
    t.text('account.readers.count', { count: readers }),
  ].join(' · ');
}

/** What the person could add: stored attributes of the catalogue that have no value yet. */
function missingRows({ own, definitions, t }: AccountPageInput) {
  const kept = new Set(own.map(({ attribute }) => attribute));
  return definitions
    .list()
    .filter(({ name, derived }) => !derived && !kept.has(name))
    .map(({ name }) => ({ attribute: name, label: attributeLabel(name, t.locale, definitions) }));
}

/** Whether a site has purged what it was told to, in the words of the activity. */
function purgeRow(one: PurgeConfirmation, { t, definitions }: AccountPageInput) {
  const attribute = one.attributes.map((name) => attributeLabel(name, t.locale, definitions)).join(', ');
  const change = one.type === 'consent.expired' ? 'expired' : 'withdrawn';
  const date = t.date(one.confirmedAt ?? (one.state === 'received' ? one.dueAt : one.toldAt));
  return {
    sentence: t.html(`activity.${change}`, { attribute, site: inert(one.siteName) }),
    state: t.text(`purge.${one.state}`, { date }),
    good: one.state === 'confirmed',
    late: one.state === 'overdue' || one.state === 'not_delivered',
  };
}

/** Sites that the person disconnected, with what became of telling them. */
function disconnectedRow(one: Disconnection, { told, t }: AccountPageInput) {
  const state = told?.find(({ requestId }) => requestId === one.requestId);
  return {
    name: inert(one.siteName),
    since: t.text('disconnected.at', { date: t.date(one.requestedAt) }),
    state: state
      ? t.text(`disconnected.${state.state}`, { date: t.date(state.at) })
      : t.text(told ? 'disconnected.pending' : 'disconnected.unknown'),
  };
}

export function activityRow(
  row: ActivityRow,
  names: ReadonlyMap<string, string>,
  t: Translator,
  definitions: Definitions,
) {
  const site = names.get(row.siteId) ?? row.siteId;
  const attribute = attributeLabel(row.attribute, t.locale, definitions);
  return {
    sentence: t.html(`activity.${row.change}`, { attribute, site }),
    at: row.occurredAt.toISOString(),
    date: t.date(row.occurredAt),
  };
}

function doneMessage(done: unknown, t: Translator): string | undefined {
  const known = (['stopped', 'already', 'changed', 'disconnected', 'value', 'kept'] as const).find(
    (one) => one === done,
  );
  return known && t.text(`done.${known}`);
}
