import type { PiiAccess } from '../../wall/catalogue.ts';
import { durationChoices, expiryOf, type StandingDecision, standingOf } from '../consent/consent.ts';
import { purposeChanges } from '../consent/purpose-change.ts';
import { localText } from '../consent/purpose-text.ts';
import type { StoredPurpose } from '../consent/receipts-repository.ts';
import type { StoredRequest } from '../interactions/interactions-repository.ts';
import type { OpenedAttribute } from '../vault/stored-attributes.ts';
import { inert, inertText, initialOf } from './inert-text.ts';
import { attributeLabel, type Definitions, maskDirection, STANDARD } from './masking.ts';
import { directionOf, type Translator } from './messages/translator.ts';
import { maskedName, previewOf } from './own-data.ts';

export interface ConsentPageInput {
  readonly interactionId: string;
  readonly site: StoredRequest['site'];
  readonly ask: NonNullable<StoredRequest['ask']>;
  readonly own: readonly OpenedAttribute[];
  readonly decisions: readonly StandingDecision[];
  readonly csrf: string;
  readonly t: Translator;
  readonly now: Date;
  /** The wording agreed to before; shown against the new one. */
  readonly agreed?: StoredPurpose | undefined;
  readonly definitions?: Definitions;
}

/** What the consent page shows, ready for its template. Nothing is ticked beforehand. */
export function consentPage(input: ConsentPageInput): Record<string, unknown> {
  const { site, ask, own, t, now, definitions = STANDARD } = input;
  const purpose = localText(ask.purpose.texts, t.locale);
  const standing = new Map(input.decisions.map((decision) => [decision.attribute, decision]));
  const standings = ask.attributes.map((attribute) => standingOf(standing.get(attribute), ask.purpose, now));
  const path = `/interaction/${encodeURIComponent(input.interactionId)}`;
  return {
    who: maskedName(own, t),
    csrf: input.csrf,
    action: `${path}/consent`,
    switchAction: `${path}/switch`,
    site: siteCard(site),
    purpose: {
      locale: purpose.locale,
      direction: directionOf(purpose.locale),
      title: inert(purpose.title),
      description: inert(purpose.description),
    },
    recipient: inert(purpose.recipients ?? site.name),
    reworded: standings.includes('reworded'),
    changes: changeRows(input),
    exact: ask.authorizationDetails?.map(exactRow),
    rows: ask.attributes.map((attribute, index) => ({
      attribute,
      id: `choice-${index + 1}`,
      label: attributeLabel(attribute, t.locale, definitions),
      preview: previewOf(attribute, own, { t, now, definitions }),
      direction: maskDirection(attribute, definitions),
      sharedUntil:
        standings[index] === 'granted' ? t.date(standing.get(attribute)?.expiresAt ?? now) : undefined,
    })),
    durations: durationRows(ask.purpose, t, now),
  };
}

export function siteCard({ name, origin }: { name: string; origin: string }) {
  return { name: inert(name), origin: inert(origin), initial: initialOf(name) };
}

/** Where the wording differs from the one agreed to, part by part. */
function changeRows({ agreed, ask, t }: ConsentPageInput) {
  if (!agreed) return [];
  const days = (count: number) => t.text('diff.days', { count });
  return purposeChanges(agreed, ask.purpose, { locale: t.locale, days }).map(({ part, diff }) => ({
    label: t.text(`diff.${part}`),
    parts: diff.map(({ kind, text }) => ({ kind, text: inertText(text) })),
  }));
}

/** The members of `authorization_details`, as they were sent. */
function exactRow({ type, actions, locations, datatypes, purpose }: PiiAccess) {
  const list = (values: readonly string[]) => values.map((one) => inert(one)).join(', ');
  return [
    ['exact.type', inert(type)],
    ['exact.actions', list(actions)],
    ['exact.locations', list(locations)],
    ['exact.datatypes', list(datatypes)],
    ['exact.purpose', inert(purpose)],
  ] as const;
}

/** Each choice says its last day; the shortest is the one to start from. */
export function durationRows(
  purpose: Pick<ConsentPageInput['ask']['purpose'], 'maxDurationDays'>,
  t: Translator,
  now: Date,
) {
  return durationChoices(purpose).map((value, index) => {
    const date = t.date(expiryOf(value, purpose, now));
    const label = {
      once: () => t.text('consent.duration.once', { date }),
      days_30: () => t.text('consent.duration.days', { count: Math.min(30, purpose.maxDurationDays), date }),
      until_stopped: () => t.text('consent.duration.untilStopped', { date }),
    }[value]();
    return { value, label, chosen: index === 0 };
  });
}
