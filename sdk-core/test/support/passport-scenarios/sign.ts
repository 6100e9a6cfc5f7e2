import { encodeBase64url } from '../../../src/encoding/base64url.ts';
import { goodClaims, goodHeader, type KeyName, privateJwk, type Scenario } from './scenario.ts';

const utf8 = new TextEncoder();

const ALGORITHMS: Record<string, { name: string; hash?: string; namedCurve?: string }> = {
  EC: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RSA: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  OKP: { name: 'Ed25519' },
};

/** The signing input of a scenario: `header.payload`. */
export function signingInput({ header, claims, headerText, payloadText }: Scenario): string {
  const texts = [
    headerText ?? JSON.stringify({ ...goodHeader, ...header }),
    payloadText ?? JSON.stringify({ ...goodClaims, ...claims }),
  ];
  return texts.map((text) => encodeBase64url(utf8.encode(text))).join('.');
}

/** The signature over `input`, base64url; empty when nothing signs. */
export async function signatureOver(
  input: string,
  signWith: Scenario['signWith'] = 'es256',
): Promise<string> {
  if (signWith === 'nothing') return '';
  const bytes = utf8.encode(input);
  const signed =
    typeof signWith === 'string'
      ? await signWithKey(signWith, bytes)
      : await hmac(signWith.hmacSecret, bytes);
  return encodeBase64url(new Uint8Array(signed));
}

async function signWithKey(name: KeyName, bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const { kty, crv, d, x, y, n, e, p, q, dp, dq, qi } = privateJwk(name);
  const members = Object.entries({ kty, crv, d, x, y, n, e, p, q, dp, dq, qi }).filter(([, value]) => value);
  const algorithm = ALGORITHMS[kty ?? ''] ?? { name: 'unknown' };
  const key = await crypto.subtle.importKey('jwk', Object.fromEntries(members), algorithm, false, ['sign']);
  return crypto.subtle.sign(algorithm, key, bytes);
}

async function hmac(secret: string, bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', utf8.encode(secret), algorithm, false, ['sign']);
  return crypto.subtle.sign('HMAC', key, bytes);
}

/** The whole passport of a scenario. */
export async function passportOf(scenario: Scenario): Promise<string> {
  const input = signingInput(scenario);
  const jwt = `${input}.${await signatureOver(input, scenario.signWith)}`;
  return scenario.edit ? scenario.edit(jwt) : jwt;
}
