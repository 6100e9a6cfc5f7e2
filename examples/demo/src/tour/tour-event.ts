import type { EventEmitter } from 'node:events';

export const tourSteps = [
  'shop-a-signed-in',
  'shop-b-signed-in',
  'refs-differ',
  'consent-decided',
  'address-fetched',
  'email-refused',
  'withdrawn',
  'fetch-refused',
  'tokens-dead',
  'webhook-delivered',
  'session-ended',
  'canary-clean',
] as const;

export type TourStep = (typeof tourSteps)[number];

/** Something that really happened in the demo. A step may happen again; the newest evidence is shown. */
export interface TourEvent {
  readonly step: TourStep;
  /** Evidence for people, such as a shortened `user_ref` or a status code. Shown as it is: no personal data. */
  readonly detail?: string;
  readonly at: Date;
}

/** Either kind will do; an emitter emits `step` with one TourEvent. */
export type TourEventSource = AsyncIterable<TourEvent> | EventEmitter<{ step: [TourEvent] }>;
