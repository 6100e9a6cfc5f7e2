import { type CryptoKey, compactVerify } from 'jose';
import { checkAccessTokenHash } from './access-token-hash.ts';
import { checkClaims } from './claim-checks.ts';
import { decodePart, splitCompact } from './compact-form.ts';
import { checkHeader, type PassportAlgorithm } from './header-checks.ts';
import type { KeySource } from './key-set.ts';
import type { Passport } from './passport.ts';
import { refusePassport } from './refusal.ts';

export interface PassportVerifierOptions {
  readonly issuer: string;
  readonly site: string;
  readonly keys: KeySource;
  /** Unix seconds. */
  readonly now: () => number;
  readonly toleranceSeconds: number;
}

export interface PassportExpectations {
  /** The `nonce` of the login. Left out, the claim is not looked at. */
  readonly nonce?: string;
  /** Refuses with `passport_too_old` when the person signed in longer ago, in seconds. */
  readonly maxAgeSeconds?: number | undefined;
  /** The access token that came with the passport; checked when the passport has an `at_hash`. */
  readonly accessToken?: string;
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
    const parts = splitCompact(jwt);
    const { alg, kid } = checkHeader(decodePart(parts.header));
    const published = await keys.find(kid);
    if (published === null) throw refusePassport('passport_key_unknown');
    await checkSignature(jwt, await published.verificationKey(alg), alg);
    const claims = decodePart(parts.payload);
    const { nonce, maxAgeSeconds, accessToken } = expected;
    const passport = checkClaims(claims, {
      issuer,
      site,
      now: now(),
      toleranceSeconds,
      nonce,
      maxAgeSeconds,
    });
    if (accessToken !== undefined) await checkAccessTokenHash(claims, alg, accessToken);
    return passport;
  };
}

async function checkSignature(jwt: string, key: CryptoKey, alg: PassportAlgorithm): Promise<void> {
  try {
    await compactVerify(jwt, key, { algorithms: [alg] });
  } catch {
    throw refusePassport('passport_signature_invalid');
  }
}
