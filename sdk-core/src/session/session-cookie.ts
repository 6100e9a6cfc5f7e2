import { firstValue, readCookie, writeCookie } from '../cookies/cookie.ts';
import type { CookieNames } from '../cookies/cookie-names.ts';
import type { Sealer } from '../crypto/sealer.ts';
import { UserrefError } from '../errors/userref-error.ts';
import { createRecent } from './recent.ts';
import { refuseWithoutStore } from './refuse-without-store.ts';
import type { Session } from './session.ts';
import { decodeSession, encodeSession } from './session-codec.ts';
import type { SessionStore } from './session-store.ts';

/** Why there is no session, for an adapter that wants to clear a useless cookie. */
export type SessionRefusal = 'session_invalid' | 'session_expired' | 'session_revoked';

/** A session, or why there is none. */
export type SessionCheck =
  | { readonly session: Session; readonly refusal: null }
  /** `refusal` is `null` when there was no cookie at all. */
  | { readonly session: null; readonly refusal: SessionRefusal | null };

export interface SessionCookie {
  write(session: Session): Promise<string>;
  clear(): string;
  /** Answers without a promise for a cookie that was opened before, when the store does too. */
  check(cookieHeader: string | null | undefined): Promise<SessionCheck> | SessionCheck;
}

export interface SessionCookieOptions {
  readonly names: CookieNames;
  readonly sealer: Sealer;
  readonly revocations: SessionStore;
  /** Unix seconds. */
  readonly now: () => number;
}

/** Browsers drop cookies over 4096 bytes without a word; a session is a tenth of that. */
const MAX_COOKIE_BYTES = 4000;
/** An opened cookie that nobody brings again is forgotten after one to two of these spans. */
const KEPT_SECONDS = 600;
const NONE: SessionCheck = { session: null, refusal: null };
const INVALID: SessionCheck = { session: null, refusal: 'session_invalid' };
const EXPIRED: SessionCheck = { session: null, refusal: 'session_expired' };
const REVOKED: SessionCheck = { session: null, refusal: 'session_revoked' };

export function createSessionCookie({
  names,
  sealer,
  revocations,
  now,
}: SessionCookieOptions): SessionCookie {
  const opened = createRecent<Session>();
  let agedAt = now();

  async function open(sealed: string): Promise<SessionCheck> {
    const text = await sealer.open(sealed, names.session);
    const session = text === null ? null : decodeSession(text);
    if (session === null) return INVALID;
    opened.set(sealed, session);
    return checkOpened(session, now());
  }

  function forgetUnused(at: number): void {
    const spans = Math.floor((at - agedAt) / KEPT_SECONDS);
    if (spans < 1) return;
    agedAt = at;
    opened.age();
    if (spans > 1) opened.age();
  }

  /** Time and store are asked at every request, however well the cookie is known. */
  function checkOpened(session: Session, at: number): Promise<SessionCheck> | SessionCheck {
    if (session.expiresAt <= at) return EXPIRED;
    const { sid, userRef, issuedAt } = session;
    try {
      const isRevoked = revocations.isRevoked({ sid, userRef, issuedAt });
      if (typeof isRevoked === 'boolean') return verdictOn(session, isRevoked);
      return isRevoked.then((revoked) => verdictOn(session, revoked), refuseWithoutStore);
    } catch (cause) {
      return refuseWithoutStore(cause);
    }
  }

  return {
    async write(session) {
      const sealed = await sealer.seal(encodeSession(session), names.session);
      if (sealed.length > MAX_COOKIE_BYTES) {
        throw new UserrefError('session_invalid', { detail: 'The session does not fit into a cookie.' });
      }
      const maxAgeSeconds = Math.max(0, session.expiresAt - now());
      return writeCookie(names.session, sealed, { secure: names.secure, maxAgeSeconds });
    },
    clear: () => writeCookie(names.session, '', { secure: names.secure, maxAgeSeconds: 0 }),
    check(cookieHeader) {
      const at = now();
      forgetUnused(at);
      if (!cookieHeader) return NONE;
      const first = firstValue(cookieHeader, names.session);
      if (first === undefined) return NONE;
      const known = opened.get(first);
      if (known !== undefined) return checkOpened(known, at);
      const sealed = readCookie(cookieHeader, names.session);
      return sealed ? open(sealed) : NONE;
    },
  };
}

function verdictOn(session: Session, isRevoked: boolean): SessionCheck {
  return isRevoked ? REVOKED : { session, refusal: null };
}
