import { createHmac, hkdfSync } from 'node:crypto';

/** A folded value as a scanner may know it. */
export interface Fingerprint {
  readonly kind: string;
  /** Folded code units, at most {@link LONGEST}. */
  readonly length: number;
  /** Polynomial hash of the first units: tells where in a text it may begin. */
  readonly shingle: number;
  /** The same of all of them. */
  readonly whole: number;
  /** The first 16 bytes of HMAC-SHA-256. */
  readonly mac: Buffer;
  readonly isDigits: boolean;
  /** How hard it is to come upon by chance. */
  readonly bits: number;
}

const LONGEST = 128;
const FEWEST_UNITS = 6;
const FEWEST_DIGITS = 9;
const SHORT_SHINGLE = 6;
const LONG_SHINGLE = 12;
const BITS_PER_LETTER = 3;
const BITS_PER_DIGIT = 3.32;

/** The keys of one scan. All of them follow from 32 random bytes that are used for nothing else. */
export class FingerprintKey {
  readonly sealing: Buffer;
  readonly #mac: Buffer;
  readonly #base: number;

  constructor(key: Uint8Array) {
    const derived = Buffer.from(hkdfSync('sha256', key, '', 'userref fingerprints v1', 68));
    this.#mac = derived.subarray(0, 32);
    this.sealing = derived.subarray(32, 64);
    this.#base = (derived.readUInt32BE(64) & ~7) | 5;
  }

  /** @returns undefined for a value that cannot be told from chance */
  fingerprint(kind: string, folded: string): Fingerprint | undefined {
    const text = folded.slice(0, LONGEST);
    const digits = (text.match(/[0-9]/g) ?? []).length;
    const isDigits = digits === text.length;
    if (text.length < (isDigits ? FEWEST_DIGITS : FEWEST_UNITS)) return undefined;
    const shingle = text.length < LONG_SHINGLE ? SHORT_SHINGLE : LONG_SHINGLE;
    return {
      ...{ kind, length: text.length, isDigits },
      shingle: this.#polynomial(text.slice(0, shingle)),
      whole: this.#polynomial(text),
      mac: createHmac('sha256', this.#mac).update(text, 'utf8').digest().subarray(0, 16),
      bits: Math.floor((text.length - digits) * BITS_PER_LETTER + digits * BITS_PER_DIGIT),
    };
  }

  #polynomial(text: string): number {
    let sum = 0;
    for (let at = 0; at < text.length; at += 1) {
      sum = (Math.imul(sum, this.#base) + text.charCodeAt(at) + 1) | 0;
    }
    return sum >>> 0;
  }
}
