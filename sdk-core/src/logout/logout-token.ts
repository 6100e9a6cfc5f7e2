import { isObject } from '../encoding/strict-json.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { KeySource } from '../passport/key-set.ts';
import { SESSION_ID, USER_REF } from '../passport/passport.ts';
import { verifySigned } from '../passport/verify-signed.ts';

/** Which sessions end. Times are Unix seconds. */
export interface LogoutToken {
  readonly jti: string;
  /** `null` when only a session is named. */
  readonly userRef: string | null;
  /** `null` for all sessions of the user. */
  readonly sid: string | null;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface LogoutTokenOptions {
  readonly issuer: string;
  readonly site: string;
  readonly keys: KeySource;
  /** Unix seconds. */
  readonly now: number;
  readonly toleranceSeconds: number;
}

const MAX_LENGTH = 8_192;
/** OpenID Connect Back-Channel Logout 1.0 §4: short-lived. */
const MAX_LIFE_SECONDS = 120;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const JTI = /^[A-Za-z0-9_-]{8,64}$/;

/**
 * All checks of OpenID Connect Back-Channel Logout 1.0 §2.6 but the replay.
 * @throws UserrefError `logout_token_invalid`
 */
export async function verifyLogoutToken(token: string, options: LogoutTokenOptions): Promise<LogoutToken> {
  const claims = await signedClaims(token, options.keys);
  const { issuer, site, now, toleranceSeconds: tolerance } = options;
  if (claims.iss !== issuer || claims.aud !== site) throw refused('iss or aud is another.');
  const { iat, exp } = claims;
  if (!isTime(iat) || !isTime(exp)) throw refused('iat or exp is missing or malformed.');
  if (exp <= now - tolerance || iat > now + tolerance) throw refused('It is not valid at this time.');
  if (exp <= iat || exp - iat > MAX_LIFE_SECONDS) throw refused('It lives longer than two minutes.');
  if (typeof claims.jti !== 'string' || !JTI.test(claims.jti)) throw refused('jti is missing or malformed.');
  if (!isObject(claims.events) || !isObject(claims.events[EVENT]))
    throw refused('It is about something else.');
  // What tells an ID token from a logout token, also where `typ` is ignored.
  if (Object.hasOwn(claims, 'nonce')) throw refused('It has a nonce.');
  const userRef = optional(claims, 'sub', USER_REF);
  const sid = optional(claims, 'sid', SESSION_ID);
  if (userRef === null && sid === null) throw refused('It names neither sub nor sid.');
  return { jti: claims.jti, userRef, sid, issuedAt: iat, expiresAt: exp };
}

async function signedClaims(token: string, keys: KeySource): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await verifySigned(token, { typ: 'logout+jwt', keys, maxLength: MAX_LENGTH })).claims;
  } catch (cause) {
    if (!(cause instanceof UserrefError) || !cause.code.startsWith('passport_')) throw cause;
    throw refused('It is not signed by the issuer as a logout token.');
  }
}

function optional(claims: Readonly<Record<string, unknown>>, name: string, form: RegExp): string | null {
  const value = claims[name];
  if (value === undefined) return null;
  if (typeof value === 'string' && form.test(value)) return value;
  throw refused(`${name} is malformed.`);
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function refused(detail: string): UserrefError {
  return new UserrefError('logout_token_invalid', { detail });
}
