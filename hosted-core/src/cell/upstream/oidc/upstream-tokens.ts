import { setTimeout as sleep } from 'node:timers/promises';
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import type { OutboundFetch } from '../../../outbound/outbound-fetch.ts';

export interface UpstreamTokensOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly jwksUri: string;
  /** From the metadata; what is no asymmetric algorithm is left out. */
  readonly algorithms: readonly string[];
  readonly fetch: OutboundFetch;
}

/** What a logout token says: whose sessions, or which one (OpenID Connect Back-Channel Logout 1.0 §2.4). */
export interface LogoutNotice {
  readonly sub: string | undefined;
  readonly sid: string | undefined;
  /** Names the token, for the guard against replays. */
  readonly jti: string;
}

const ASYMMETRIC = /^(ES(256|384|512)|RS(256|384|512)|PS(256|384|512)|EdDSA|Ed25519)$/;
/** Metadata may leave the algorithms out; then this one holds (OpenID Connect Core §2). */
const DEFAULT_ALGORITHM = 'RS256';
/** A key that is not known yet is looked for once more after this: a rotation takes effect at once. */
const COOLDOWN_MS = 1_000;
const KEYS_MAX_AGE_MS = 600_000;
const TOLERANCE_SECONDS = 30;
const LOGOUT_TYPE = 'logout+jwt';
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Logto's live for two minutes. */
const LOGOUT_MAX_AGE_SECONDS = 120;

/** The upstream's signatures: any algorithm of its metadata, keys by `kid`, old and new ones during a rotation. */
export class UpstreamTokens {
  readonly #options: UpstreamTokensOptions;
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;
  readonly #algorithms: string[];

  constructor(options: UpstreamTokensOptions) {
    this.#options = options;
    const given = options.algorithms.filter((one) => ASYMMETRIC.test(one));
    this.#algorithms = given.length > 0 ? given : [DEFAULT_ALGORITHM];
    this.#keys = createRemoteJWKSet(new URL(options.jwksUri), {
      cooldownDuration: COOLDOWN_MS,
      cacheMaxAge: KEYS_MAX_AGE_MS,
      [customFetch]: (url, init) => options.fetch(url, init as Parameters<OutboundFetch>[1]),
    });
  }

  /** An ID token; its claims were checked where it was received. Throws what jose throws. */
  async verifyIdToken(token: string, now?: Date): Promise<JWTPayload> {
    const { payload, protectedHeader } = await this.#verify(token, now ? { currentDate: now } : {});
    // Logto sends no `typ`. One that says otherwise belongs to another kind of token.
    if (protectedHeader.typ !== undefined && protectedHeader.typ.toUpperCase() !== 'JWT')
      throw new errors.JWTInvalid('not an ID token');
    return payload;
  }

  /** A logout token, strictly (§2.6). Throws what jose throws. */
  async verifyLogoutToken(token: string, now?: Date): Promise<LogoutNotice> {
    const { payload } = await this.#verify(token, {
      typ: LOGOUT_TYPE,
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
      maxTokenAge: LOGOUT_MAX_AGE_SECONDS,
      ...(now && { currentDate: now }),
    });
    const { events, nonce, sub, sid, jti, aud } = payload;
    const event = isObject(events) ? events[LOGOUT_EVENT] : undefined;
    const right =
      isObject(event) &&
      nonce === undefined &&
      typeof aud === 'string' &&
      typeof jti === 'string' &&
      (sub === undefined || typeof sub === 'string') &&
      (sid === undefined || typeof sid === 'string') &&
      (sub !== undefined || sid !== undefined);
    if (!right) throw new errors.JWTInvalid('not a logout token');
    return { sub, sid: sid as string | undefined, jti };
  }

  async #verify(token: string, wish: JWTVerifyOptions) {
    const options: JWTVerifyOptions = {
      algorithms: this.#algorithms,
      issuer: this.#options.issuer,
      audience: this.#options.clientId,
      requiredClaims: ['iat', 'exp'],
      clockTolerance: TOLERANCE_SECONDS,
      ...wish,
    };
    try {
      return await jwtVerify(token, this.#keys, options);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await sleep(COOLDOWN_MS + 50);
      return jwtVerify(token, this.#keys, options);
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
