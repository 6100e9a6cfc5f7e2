import { type Session, UserrefError } from '@userref/sdk-core';
import type { Parts } from '../server/parts.ts';

/** The session as PHP keeps it. */
export function sessionAnswer(session: Session): Record<string, unknown> {
  return {
    user_ref: session.userRef,
    sid: session.sid,
    consents: session.consents,
    assurance_level: session.assuranceLevel,
    auth_time: session.authTime,
    issued_at: session.issuedAt,
    expires_at: session.expiresAt,
    asked_purposes: session.askedPurposes,
  };
}

/** @throws UserrefError `session_invalid`, `session_expired`, `session_revoked`, `not_signed_in` */
export async function openSession({ userref, cookies }: Parts, sessionHandle: string): Promise<Session> {
  const { session, refusal } = await userref.checkSession(cookies.headerOf({ sessionHandle }));
  if (session === null) throw new UserrefError(refusal ?? 'not_signed_in');
  return session;
}
