import type { PurposeText } from '../../wall/region-cell.ts';

/** Days during which a denial stands: nobody is asked again for the same purpose (EDPB 03/2022, overloading). */
export const DENIAL_REST_DAYS = 30;
const DAY_MS = 86_400_000;

/** The standing decision about one attribute for one purpose at one site. */
export interface StandingDecision {
  readonly attribute: string;
  readonly state: 'granted' | 'denied';
  readonly purposeVersion: number;
  readonly decidedAt: Date;
  /** Set for `granted`. */
  readonly expiresAt: Date | null;
}

/** What became of a question: still open, answered, or answered under an older wording of the purpose. */
export type Standing = 'open' | 'granted' | 'reworded' | 'denied';

export function standingOf(
  decision: StandingDecision | undefined,
  purpose: { version: number },
  now: Date,
): Standing {
  if (!decision) return 'open';
  if (decision.state === 'denied') return isFresh(decision.decidedAt, now) ? 'denied' : 'open';
  if (!decision.expiresAt || decision.expiresAt <= now) return 'open';
  return decision.purposeVersion === purpose.version ? 'granted' : 'reworded';
}

/**
 * Attributes that the person has not decided on, in the order asked. A new wording asks anew; so does, with
 * `askDeniedAgain`, a person who started the request themselves.
 */
export function undecided(
  attributes: readonly string[],
  decisions: readonly StandingDecision[],
  context: { purpose: { version: number }; now: Date; askDeniedAgain?: true | undefined },
): string[] {
  const standing = new Map(decisions.map((decision) => [decision.attribute, decision]));
  const asked: Standing[] = context.askDeniedAgain ? ['open', 'reworded', 'denied'] : ['open', 'reworded'];
  return attributes.filter((attribute) =>
    asked.includes(standingOf(standing.get(attribute), context.purpose, context.now)),
  );
}

function isFresh(decidedAt: Date, now: Date): boolean {
  return now.getTime() - decidedAt.getTime() < DENIAL_REST_DAYS * DAY_MS;
}

/** How long a person may choose to share for; the purpose's own limit bounds each. */
export const DURATIONS = ['once', 'days_30', 'until_stopped'] as const;
export type Duration = (typeof DURATIONS)[number];

/** «Only this time» must outlast the errand, such as an order on its way. */
const ONCE_DAYS = 7;

/** @returns whole days */
export function durationDays(duration: Duration, purpose: Pick<PurposeText, 'maxDurationDays'>): number {
  const wanted = { once: ONCE_DAYS, days_30: 30, until_stopped: purpose.maxDurationDays }[duration];
  return Math.min(wanted, purpose.maxDurationDays);
}

/** The choices that differ for this purpose, the shortest first. */
export function durationChoices(purpose: Pick<PurposeText, 'maxDurationDays'>): Duration[] {
  return DURATIONS.filter(
    (duration, index) =>
      index === 0 ||
      durationDays(duration, purpose) > durationDays(DURATIONS[index - 1] as Duration, purpose),
  );
}

export function expiryOf(duration: Duration, purpose: Pick<PurposeText, 'maxDurationDays'>, now: Date): Date {
  return new Date(now.getTime() + durationDays(duration, purpose) * DAY_MS);
}
