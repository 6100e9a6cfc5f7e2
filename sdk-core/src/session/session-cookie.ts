import { readCookies, writeCookie } from '../cookies/cookie.ts';
import type { CookieNames } from '../cookies/cookie-names.ts';
import type { Sealer } from '../crypto/sealer.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { Session } from './session.ts';
import { decodeSession, encodeSession } from './session-codec.ts';
import type { SessionStore } from './session-store.ts';

/** Why there is no session, for an adapter that wants to clear a useless cookie. */
export type SessionRefusal = 'session_invalid' | 'session_expired' | 'session_revoked';

export type SessionCheck =
  | { readonly session: Session; readonly refusal: null }
  /** `refusal` is `null` when there was no cookie at all. */
  | { readonly session: null; readonly refusal: SessionRefusal | null };

export interface SessionCookie {
  write(session: Session): Promise<string>;
  clear(): string;
  check(cookieHeader: string | null | undefined): Promise<SessionCheck>;
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
/** Opened cookies kept so that a visitor's next request need not decrypt again. */
const OPENED_CAPACITY = 500;

export function createSessionCookie({
  names,
  sealer,
  revocations,
  now,
}: SessionCookieOptions): SessionCookie {
  const opened = new Map<string, Session>();

  async function open(sealed: string): Promise<Session | null> {
    const known = opened.get(sealed);
    if (known !== undefined) return known;
    const text = await sealer.open(sealed, names.session);
    const session = text === null ? null : decodeSession(text);
    if (session === null) return null;
    const [oldest] = opened.size >= OPENED_CAPACITY ? opened.keys() : [];
    if (oldest !== undefined) opened.delete(oldest);
    opened.set(sealed, session);
    return session;
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
    async check(cookieHeader) {
      const sealed = readCookies(cookieHeader).get(names.session);
      if (!sealed) return { session: null, refusal: null };
      const session = await open(sealed);
      if (session === null) return { session: null, refusal: 'session_invalid' };
      if (session.expiresAt <= now()) return { session: null, refusal: 'session_expired' };
      const { sid, userRef, issuedAt } = session;
      const revoked = await askStore(revocations, { sid, userRef, issuedAt });
      return revoked ? { session: null, refusal: 'session_revoked' } : { session, refusal: null };
    },
  };
}

/** A store that cannot answer means no session and an error, never a session. */
async function askStore(
  revocations: SessionStore,
  session: Parameters<SessionStore['isRevoked']>[0],
): Promise<boolean> {
  try {
    return await revocations.isRevoked(session);
  } catch (cause) {
    throw new UserrefError('service_unavailable', { detail: 'The revocation store did not answer.', cause });
  }
}
