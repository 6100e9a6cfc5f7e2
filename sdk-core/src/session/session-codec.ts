import { ASSURANCE_LEVELS } from '../generated/contract.ts';
import { createSession, type Session } from './session.ts';

/** Format of the sealed text; a cookie with another one is a stranger's and means signed out. */
const FORMAT = 1;

/** A list instead of an object keeps the cookie small; the order of its members is the format. */
export function encodeSession(session: Session): string {
  return JSON.stringify([
    FORMAT,
    session.userRef.slice('ppid_'.length),
    session.sid,
    session.consents,
    ASSURANCE_LEVELS.indexOf(session.assuranceLevel),
    session.authTime,
    session.issuedAt,
    session.expiresAt,
    session.askedPurposes,
    session.accessToken,
  ]);
}

/** The text was sealed by us, so its members have the form that `encodeSession` gave them. */
export function decodeSession(text: string): Session | null {
  const [format, userRef, sid, consents, level, authTime, issuedAt, expiresAt, askedPurposes, token] =
    JSON.parse(text);
  const assuranceLevel = ASSURANCE_LEVELS[level];
  if (format !== FORMAT || assuranceLevel === undefined) return null;
  return createSession(
    {
      userRef: `ppid_${userRef}`,
      sid,
      consents,
      assuranceLevel,
      authTime,
      issuedAt,
      expiresAt,
      askedPurposes,
    },
    token,
  );
}
