import { createHmac, createPrivateKey, sign } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { goodClaims, goodHeader, type KeyName, privateJwk, type Scenario } from './scenario.ts';

const utf8 = new TextEncoder();

/** The signing input of a scenario: `header.payload`. */
export function signingInput({ header, claims, headerText, payloadText, payloadBytes }: Scenario): string {
  const headerBytes = utf8.encode(headerText ?? JSON.stringify({ ...goodHeader, ...header }));
  const payload = payloadBytes ?? utf8.encode(payloadText ?? JSON.stringify({ ...goodClaims, ...claims }));
  return [headerBytes, payload].map((part) => Buffer.from(part).toString('base64url')).join('.');
}

/** The signature over `input`, base64url; empty when nothing signs. The same input gives the same signature. */
export function signatureOver(input: string, signWith: Scenario['signWith'] = 'es256'): string {
  if (signWith === 'nothing') return '';
  const bytes = utf8.encode(input);
  const signed =
    typeof signWith === 'string'
      ? signWithKey(signWith, bytes)
      : createHmac('sha256', signWith.hmacSecret).update(bytes).digest();
  return Buffer.from(signed).toString('base64url');
}

function signWithKey(name: KeyName, bytes: Uint8Array): Uint8Array {
  const jwk = privateJwk(name);
  // ECDSA with the nonce of RFC 6979, where WebCrypto and Node take a random one.
  if (jwk.crv === 'P-256') {
    return p256.sign(bytes, Buffer.from(jwk.d ?? '', 'base64url'), { lowS: true });
  }
  return sign(jwk.kty === 'OKP' ? null : 'sha256', bytes, createPrivateKey({ key: jwk, format: 'jwk' }));
}

/** The whole passport of a scenario. */
export function passportOf(scenario: Scenario): string {
  const input = signingInput(scenario);
  const jwt = `${input}.${signatureOver(input, scenario.signWith)}`;
  return scenario.edit ? scenario.edit(jwt) : jwt;
}
