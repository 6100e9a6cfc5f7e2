import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { isObject } from '../../src/encoding/strict-json.ts';
import { Problem } from '../console/problem.ts';
import { UsageError } from '../usage-error.ts';

/** A signing key that is for tests only, bound to an issuer that nobody else is. */
export interface TestKey {
  readonly issuer: string;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  /** Where its key set lies. */
  readonly jwksFile: string;
}

/** Names that lead to this machine, or that nobody can register (RFC 2606, RFC 6761). */
const TEST_HOST = /^(localhost|127\.0\.0\.1|\[::1\]|([a-z0-9-]+\.)*(test|example|invalid|localhost))$/;
const MARK = 'userref_test_key';

/** Reads the key; makes it, with its key set, when the file is not there. */
export async function readTestKey(
  file: string,
  { issuer }: { issuer: string | undefined },
): Promise<TestKey> {
  if (!existsSync(file)) await makeTestKey(file, testIssuer(issuer ?? 'https://issuer.test'));
  const kept = parse(file);
  if (issuer !== undefined && kept.issuer !== issuer) {
    throw new UsageError(`${file} is a key of ${kept.issuer}. Name another file for another issuer.`);
  }
  const { kid = '', ...jwk } = kept.jwk;
  const privateKey = (await importJWK({ ...jwk, kid }, 'ES256')) as CryptoKey;
  return { issuer: testIssuer(kept.issuer), kid, privateKey, jwksFile: jwksFileOf(file) };
}

function testIssuer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && TEST_HOST.test(url.hostname) && /^https?:$/.test(url.protocol)) return text;
  throw new Problem({
    what: `${text} may be somebody's issuer.`,
    why: 'Passports are minted for tests only: of issuers on this machine, or under .test, .example, .invalid.',
    fix: 'Choose such an issuer, and let the site under test be configured with it.',
  });
}

async function makeTestKey(file: string, issuer: string): Promise<void> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = `test-${crypto.randomUUID()}`;
  const jwk = { ...(await exportJWK(privateKey)), kid, alg: 'ES256' };
  writeFileSync(file, `${JSON.stringify({ [MARK]: 1, issuer, jwk })}\n`, { mode: 0o600, flag: 'wx' });
  const published = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
  writeFileSync(jwksFileOf(file), `${JSON.stringify({ keys: [published] })}\n`);
}

function parse(file: string): { issuer: string; jwk: JWK } {
  let kept: unknown;
  try {
    kept = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    kept = undefined;
  }
  // A key from elsewhere is refused even if it would sign: it may be one that counts.
  if (isObject(kept) && kept[MARK] === 1 && typeof kept.issuer === 'string' && isObject(kept.jwk)) {
    return kept as unknown as { issuer: string; jwk: JWK };
  }
  throw new Problem({
    what: `${file} is no test key.`,
    why: 'Only keys that this command made itself are used, so that none that counts elsewhere is.',
    fix: 'Name a file that is not there yet: the key is made.',
  });
}

function jwksFileOf(file: string): string {
  return `${file.replace(/\.json$/, '')}.jwks.json`;
}
