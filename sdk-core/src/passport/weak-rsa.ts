import { decodeBase64url } from '../encoding/base64url.ts';

const MIN_BITS = 2048;
const MAX_BITS = 8192;
const MIN_EXPONENT = 65_537n;
const ROCA_PRIMES = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

/** Whether an RSA key is too small, has an unsafe exponent, or the mark of CVE-2017-15361 (ROCA). */
export function isWeakRsa(modulus: unknown, exponent: unknown): boolean {
  const n = integerOf(modulus);
  const e = integerOf(exponent);
  if (n === null || e === null) return true;
  const bits = n.toString(2).length;
  if (bits < MIN_BITS || bits > MAX_BITS || n % 2n === 0n) return true;
  if (e < MIN_EXPONENT || e % 2n === 0n || e >= 1n << 64n) return true;
  return hasRocaMark(n);
}

function integerOf(encoded: unknown): bigint | null {
  const bytes = typeof encoded === 'string' ? decodeBase64url(encoded) : null;
  if (bytes === null) return null;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return BigInt(`0x${hex}`);
}

/** The broken generator's moduli are powers of 65537 modulo every one of these primes. */
function hasRocaMark(n: bigint): boolean {
  return ROCA_PRIMES.every((prime) => powersOf65537(prime).has(Number(n % BigInt(prime))));
}

function powersOf65537(prime: number): Set<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * (65_537 % prime)) % prime) powers.add(power);
  return powers;
}
