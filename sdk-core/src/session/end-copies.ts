import { refuseWithoutStore } from './refuse-without-store.ts';
import type { Session } from './session.ts';
import type { SessionStore } from './session-store.ts';

/**
 * Ends a session here, in every copy of its cookie. The core's may go on, and then the next login brings the same
 * `sid`: that one counts.
 * @throws UserrefError `service_unavailable`
 */
export async function endCopies(revocations: SessionStore, session: Session): Promise<void> {
  try {
    await revocations.revokeSession(session.sid, session.expiresAt, session.issuedAt);
  } catch (cause) {
    refuseWithoutStore(cause);
  }
}
