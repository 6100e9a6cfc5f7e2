import { createHmac, hkdfSync } from 'node:crypto';
import { Polynomial } from '../match/polynomial.ts';

/** What is known of a value that is looked for: never the value. */
export interface Fingerprint {
  /** What kind of datum it is, such as `contact:email`, or which canary. */
  readonly kind: string;
  /** Folded code units. */
  readonly length: number;
  /** Hash of the first {@link shingleLength} units. */
  readonly shingle: number;
  /** Hash of all of them. */
  readonly whole: number;
  /** The first 16 bytes of HMAC-SHA-256 of all of them, UTF-8, as hex. */
  readonly mac: string;
  readonly isDigits: boolean;
  /** How hard it is to come upon by chance. */
  readonly bits: number;
}

/** A longer value is looked for by its beginning. */
export const LONGEST = 128;
/** Shorter ones cannot be told from chance. */
const FEWEST_UNITS = 6;
const FEWEST_DIGITS = 9;
const SHORT_SHINGLE = 6;
const LONG_SHINGLE = 12;
/** What natural text is worth, cautiously: far less than random letters. */
const BITS_PER_LETTER = 3;
const BITS_PER_DIGIT = 3.32;

/** The keys of one scan, all from its 32 bytes. */
export class ScanKey {
  readonly polynomial: Polynomial;
  /** For the file that the fingerprints travel in. */
  readonly sealing: Buffer;
  readonly #mac: Buffer;

  constructor(key: Uint8Array) {
    const derived = Buffer.from(hkdfSync('sha256', key, '', 'userref fingerprints v1', 68));
    this.#mac = derived.subarray(0, 32);
    this.sealing = derived.subarray(32, 64);
    // Odd, and 5 modulo 8: its powers then go through as many values as there can be.
    this.polynomial = new Polynomial((derived.readUInt32BE(64) & ~7) | 5, LONGEST);
  }

  mac(folded: string): string {
    return createHmac('sha256', this.#mac).update(folded, 'utf8').digest('hex').slice(0, 32);
  }
}

export function shingleLength(length: number): number {
  return length < LONG_SHINGLE ? SHORT_SHINGLE : LONG_SHINGLE;
}

/** @returns undefined for a value that cannot be told from chance */
export function fingerprint(
  key: ScanKey,
  { kind, folded }: { kind: string; folded: string },
): Fingerprint | undefined {
  const text = folded.slice(0, LONGEST);
  const digits = text.replaceAll(/[^0-9]/g, '').length;
  const isDigits = digits === text.length;
  if (text.length < (isDigits ? FEWEST_DIGITS : FEWEST_UNITS)) return undefined;
  return {
    kind,
    length: text.length,
    shingle: key.polynomial.hashOf(text.slice(0, shingleLength(text.length))),
    whole: key.polynomial.hashOf(text),
    mac: key.mac(text),
    isDigits,
    bits: Math.floor((text.length - digits) * BITS_PER_LETTER + digits * BITS_PER_DIGIT),
  };
}
