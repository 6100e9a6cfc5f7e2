import type { ResolvedOptions } from '../options/options.ts';
import { keptUntil } from '../session/kept-until.ts';
import type { WebhookEvent } from './webhook-event.ts';

/** What each event means for sessions at this site. */
export async function applyToSessions(options: ResolvedOptions, event: WebhookEvent): Promise<void> {
  const { revocations } = options;
  const until = keptUntil(options.now());
  const revokedAt = Math.floor(Date.parse(event.timestamp) / 1000);
  switch (event.type) {
    case 'session.revoked':
      return revocations.revokeSession(event.data.sid, until);
    // A withdrawn consent kills the user's tokens at the core, so their sessions here are of no use.
    case 'consent.withdrawn':
    case 'access.revoked':
    case 'subject.restricted':
    case 'subject.erased':
      return revocations.revokeUser(event.data.user_ref, revokedAt, until);
    default:
      return undefined;
  }
}
