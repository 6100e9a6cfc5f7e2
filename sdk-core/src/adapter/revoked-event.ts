import type { WebhookEvent } from '../webhooks/webhook-event.ts';

/** Sessions that have ended. */
export interface RevokedEvent {
  readonly type: WebhookEvent['type'];
  readonly userRef: string;
  /** The one session that ended; `null` when all of the user's have. */
  readonly sid: string | null;
  /** Why, as far as the event says. More reasons may be added. */
  readonly reason: string | null;
}

/** What the event ended, or `null` for events that end nothing. */
export function revokedBy(event: WebhookEvent): RevokedEvent | null {
  switch (event.type) {
    case 'session.revoked':
      return {
        type: event.type,
        userRef: event.data.user_ref,
        sid: event.data.sid,
        reason: event.data.reason,
      };
    case 'access.revoked':
      return { type: event.type, userRef: event.data.user_ref, sid: null, reason: event.data.reason };
    case 'consent.withdrawn':
    case 'subject.restricted':
    case 'subject.erased':
      return { type: event.type, userRef: event.data.user_ref, sid: null, reason: null };
    default:
      return null;
  }
}
