import type { WebhookEvent } from '../webhooks/webhook-event.ts';

const TYPES = ['consent.withdrawn', 'consent.expired', 'subject.erased'] as const;

/** What a site must purge. */
export interface PurgeEvent {
  /** `webhook-id`, for `confirmPurge`. */
  readonly id: string;
  readonly type: (typeof TYPES)[number];
  readonly userRef: string;
  /** Which attributes; `null` for everything about the user. */
  readonly attributes: readonly string[] | null;
}

/** `purged` confirms the purge to the core; nothing leaves it open. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler may return nothing
export type PurgeResult = 'purged' | void;

/** What the event tells the site to purge, or `null` for events that tell nothing of the kind. */
export function purgeAskedBy(event: WebhookEvent): PurgeEvent | null {
  const type = TYPES.find((one) => one === event.type);
  if (type === undefined) return null;
  const { user_ref: userRef, attributes } = event.data as {
    user_ref: string;
    attributes?: readonly string[];
  };
  return { id: event.id, type, userRef, attributes: attributes ?? null };
}
