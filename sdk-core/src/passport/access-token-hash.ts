import { encodeBase64url } from '../encoding/base64url.ts';
import type { Claims } from './claim-checks.ts';
import type { PassportAlgorithm } from './header-checks.ts';
import { refusePassport } from './refusal.ts';

const HASH: Record<PassportAlgorithm, string> = { ES256: 'SHA-256', RS256: 'SHA-256', EdDSA: 'SHA-512' };

/** `at_hash`, where present, is the left half of the access token's hash (OpenID Connect Core §3.1.3.6). */
export async function checkAccessTokenHash(
  claims: Claims,
  alg: PassportAlgorithm,
  accessToken: string,
): Promise<void> {
  if (!Object.hasOwn(claims, 'at_hash')) return;
  const digest = await crypto.subtle.digest(HASH[alg], new TextEncoder().encode(accessToken));
  const half = encodeBase64url(new Uint8Array(digest, 0, digest.byteLength / 2));
  if (claims.at_hash !== half) throw refusePassport('passport_claim_invalid', 'at_hash does not fit.');
}
