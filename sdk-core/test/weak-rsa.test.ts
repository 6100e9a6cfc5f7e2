import { describe, expect, it } from 'vitest';
import { publicJwk } from '../../docs/contract/passports/scenario.ts';
import { encodeBase64url } from '../src/encoding/base64url.ts';
import { isWeakRsa } from '../src/passport/weak-rsa.ts';

const { n, e } = publicJwk('rs256');

function encode(number: bigint): string {
  const hex = number.toString(16);
  const bytes = (hex.length % 2 ? `0${hex}` : hex).match(/../g) ?? [];
  return encodeBase64url(Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16)));
}

/** A number with the mark of CVE-2017-15361: a power of 65537 modulo the product of the first primes. */
function rocaModulus(): bigint {
  const primes = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
  ];
  const more = [101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167];
  const product = [...primes, ...more].reduce((all, prime) => all * BigInt(prime), 1n);
  const power = 65_537n ** 12_345n % product;
  return power + product * (2n ** 2047n / product + 1n);
}

describe('an RSA key', () => {
  it('of 2048 bits with the usual exponent is good', () => {
    expect(isWeakRsa(n, e)).toBe(false);
  });

  it.each([
    ['has the exponent 1', n, 'AQ'],
    ['has the exponent 3', n, 'Aw'],
    ['has an even exponent', n, 'AQAC'],
    ['has a huge exponent', n, encode(2n ** 64n + 1n)],
    ['has 1024 bits', publicJwk('rsa1024').n, e],
    ['has 16384 bits', encode(2n ** 16_384n - 1n), e],
    ['has an even modulus', encode(2n ** 2047n), e],
    ['has the mark of ROCA', encode(rocaModulus()), e],
    ['has no modulus', undefined, e],
    ['has a modulus in the standard alphabet', '++++', e],
    ['has no exponent', n, undefined],
  ])('that %s is refused', (_, modulus, exponent) => {
    expect(isWeakRsa(modulus, exponent)).toBe(true);
  });
});
