import { type CryptoKey, importJWK, type JWK } from 'jose';
import { isObject } from '../encoding/strict-json.ts';
import type { PassportAlgorithm } from './header-checks.ts';
import { refusePassport } from './refusal.ts';
import { isWeakRsa } from './weak-rsa.ts';

/** Gives a published key by its `kid`. */
export interface KeySource {
  find(kid: string): Promise<PublishedKey | null>;
}

export interface PublishedKey {
  /** The key for `alg`; refuses with `passport_alg_not_allowed` or `passport_key_unusable`. */
  verificationKey(alg: PassportAlgorithm): Promise<CryptoKey>;
}

/** Keys that never change and are asked for nowhere. */
export function pinnedSource(keys: ReadonlyMap<string, PublishedKey>): KeySource {
  return { find: async (kid) => keys.get(kid) ?? null };
}

const MAX_KEYS = 32;
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const ALGORITHM_OF: Record<string, PassportAlgorithm> = {
  'EC/P-256': 'ES256',
  RSA: 'RS256',
  'OKP/Ed25519': 'EdDSA',
};

/**
 * Reads a JWK set (RFC 7517 §5). The whole set is refused with `passport_key_unusable` when it holds private
 * or symmetric keys, a weak RSA key, or one `kid` twice: whoever publishes that has lost control of it.
 * Kinds of key that we do not know are skipped.
 */
export function parseKeySet(set: unknown): Map<string, PublishedKey> {
  const keys = isObject(set) ? set.keys : undefined;
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MAX_KEYS) {
    throw refusePassport('passport_key_unusable', 'The key set is empty, too large or no key set.');
  }
  const found = new Map<string, PublishedKey>();
  for (const key of keys) {
    checkMember(key);
    if (typeof key.kid !== 'string') continue;
    if (found.has(key.kid)) throw refusePassport('passport_key_unusable', 'The key set has one kid twice.');
    found.set(key.kid, publishedKey(key as JWK));
  }
  return found;
}

function checkMember(key: unknown): asserts key is Readonly<Record<string, unknown>> {
  if (!isObject(key))
    throw refusePassport('passport_key_unusable', 'The key set has a member that is no key.');
  if (key.kty === 'oct' || PRIVATE_MEMBERS.some((member) => Object.hasOwn(key, member))) {
    throw refusePassport('passport_key_unusable', 'The key set has a private or symmetric key.');
  }
  if (key.kty === 'RSA' && isWeakRsa(key.n, key.e)) {
    throw refusePassport('passport_key_unusable', 'The key set has a weak RSA key.');
  }
}

function publishedKey(jwk: JWK): PublishedKey {
  let imported: Promise<CryptoKey> | undefined;
  return {
    async verificationKey(alg) {
      checkUse(jwk, alg);
      imported ??= importKey(jwk, alg);
      return imported;
    },
  };
}

function checkUse(jwk: JWK, alg: PassportAlgorithm): void {
  const { use, key_ops: operations } = jwk;
  const mayVerify = Array.isArray(operations) ? operations.includes('verify') : operations === undefined;
  if ((use !== undefined && use !== 'sig') || !mayVerify) {
    throw refusePassport('passport_key_unusable', 'The key is not meant for verifying.');
  }
  const kind = jwk.crv === undefined ? jwk.kty : `${jwk.kty}/${jwk.crv}`;
  const fits = ALGORITHM_OF[kind ?? ''] === alg && (jwk.alg === undefined || jwk.alg === alg);
  if (!fits) throw refusePassport('passport_alg_not_allowed');
}

async function importKey(jwk: JWK, alg: PassportAlgorithm): Promise<CryptoKey> {
  try {
    return (await importJWK(jwk, alg)) as CryptoKey;
  } catch {
    throw refusePassport('passport_key_unusable', 'The key is malformed.');
  }
}
