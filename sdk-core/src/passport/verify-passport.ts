import { checkStatus, type OfflineStatus } from '../status-list/check-status.ts';
import { checkAccessTokenHash } from './access-token-hash.ts';
import { checkClaims } from './claim-checks.ts';
import type { KeySource } from './key-set.ts';
import type { Passport } from './passport.ts';
import { refusePassport } from './refusal.ts';
import { verifySigned } from './verify-signed.ts';

export interface PassportVerifierOptions {
  readonly issuer: string;
  readonly site: string;
  readonly keys: KeySource;
  /** Unix seconds. */
  readonly now: () => number;
  readonly toleranceSeconds: number;
}

/** What a passport must fit besides issuer and site. */
export interface PassportExpectations {
  /** The `nonce` of the login. Left out, the claim is not looked at; `undefined` fits none. */
  readonly nonce?: string;
  /** Refuses with `passport_too_old` when the person signed in longer ago, in seconds. */
  readonly maxAgeSeconds?: number | undefined;
  /** The access token that came with the passport; checked when the passport has an `at_hash`. */
  readonly accessToken?: string | undefined;
  /** Saved status lists. Left out, revocations are not looked for: the passport lives an hour at most. */
  readonly status?: OfflineStatus | undefined;
}

/** Resolves to what the passport says, or rejects with a reason code `passport_…`. */
export type VerifyPassport = (jwt: string, expected?: PassportExpectations) => Promise<Passport>;

/**
 * A strict verifier: canonical compact form, header, key, signature, claims, in this order; the first
 * fault gives the reason. It never fetches anything that a token names, and shows no value in an error.
 */
export function createPassportVerifier(options: PassportVerifierOptions): VerifyPassport {
  const { issuer, site, keys, now, toleranceSeconds } = options;
  return async (jwt, expected = {}) => {
    const { alg, claims } = await verifySigned(jwt, { typ: 'JWT', keys });
    const { nonce, maxAgeSeconds, accessToken, status } = expected;
    // Left out is a decision; `undefined` is a nonce that got lost.
    if (nonce === undefined && Object.hasOwn(expected, 'nonce'))
      throw refusePassport('passport_nonce_mismatch');
    const at = now();
    const passport = checkClaims(claims, {
      issuer,
      site,
      now: at,
      toleranceSeconds,
      nonce,
      maxAgeSeconds,
    });
    if (accessToken !== undefined) await checkAccessTokenHash(claims, alg, accessToken);
    if (status !== undefined) {
      await checkStatus(passport.status, status, { issuer, keys, now: at, toleranceSeconds });
    }
    return passport;
  };
}
