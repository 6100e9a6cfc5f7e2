import { type Fingerprint, LONGEST, type ScanKey } from '../needles/fingerprint.ts';
import { indexFingerprints, type ShingleIndex } from './fingerprint-index.ts';
import { type FoldedBlock, Folder } from './folded-block.ts';

export interface Match {
  readonly kind: string;
  /** Offset of the first byte in what was searched. */
  readonly start: number;
  /** Offset of the byte that the last letter begins with. */
  readonly last: number;
}

/** Values that are odder than this, for their number, are taken wherever they stand; see decision 0042. */
export type Strictness = 'canaries' | 'fingerprints';
const FREE_BITS: Record<Strictness, number> = { canaries: 26, fingerprints: 34 };

/** How far a value may stretch in the bytes. */
const BYTES_EACH = 6;
const BYTES_MORE = 32;

const ZERO = 0x30;
const NINE = 0x39;

/** Finds all fingerprints in one pass over bytes, however many there are. */
export class Matcher {
  readonly #key: ScanKey;
  readonly #indexes: readonly ShingleIndex[];
  readonly #freeBits: number;
  readonly #folder = new Folder();
  #sums = new Int32Array(0);

  constructor(options: { key: ScanKey; fingerprints: readonly Fingerprint[]; strictness: Strictness }) {
    const { key, fingerprints, strictness } = options;
    this.#key = key;
    this.#indexes = indexFingerprints(fingerprints);
    this.#freeBits = FREE_BITS[strictness] + Math.log2(Math.max(1, fingerprints.length));
  }

  find(bytes: Uint8Array): Match[] {
    const block = this.#folder.fold(bytes);
    if (this.#sums.length <= block.length) this.#sums = new Int32Array(block.length + LONGEST);
    this.#key.polynomial.fillSums(block.units, block.length, this.#sums);
    return this.#indexes.flatMap((index) => this.#search(block, index));
  }

  #search(block: FoldedBlock, index: ShingleIndex): Match[] {
    const matches: Match[] = [];
    const sums = this.#sums;
    const size = index.shingleLength;
    const power = this.#key.polynomial.power(size);
    for (let at = 0; at + size <= block.length; at += 1) {
      const shingle = ((sums[at + size] as number) - Math.imul(sums[at] as number, power)) >>> 0;
      if (!index.mayHave(shingle)) continue;
      for (const one of index.get(shingle) ?? []) {
        if (!this.#isHere(block, at, one)) continue;
        const last = block.offsets[at + one.length - 1] as number;
        matches.push({ kind: one.kind, start: block.offsets[at] as number, last });
      }
    }
    return matches;
  }

  #isHere(block: FoldedBlock, at: number, one: Fingerprint): boolean {
    const end = at + one.length;
    if (end > block.length || !isCompact(block, at, end)) return false;
    if (this.#key.polynomial.hashAt(this.#sums, at, one.length) !== one.whole) return false;
    if (!this.#mayStandHere(block, at, one)) return false;
    return this.#key.mac(String.fromCharCode(...block.units.subarray(at, end))) === one.mac;
  }

  /** A short value in the middle of a word, or a number in the middle of a longer one, is chance. */
  #mayStandHere({ units, gaps, length }: FoldedBlock, at: number, one: Fingerprint): boolean {
    if (one.bits >= this.#freeBits) return true;
    const end = at + one.length;
    const isFree = (before: number, after: number, gap: number) =>
      gap === 1 || (one.isDigits && !(isDigit(units[before]) && isDigit(units[after])));
    const begins = at === 0 || isFree(at - 1, at, gaps[at] as number);
    return begins && (end === length || isFree(end - 1, end, gaps[end] as number));
  }
}

/** Letters far apart make no value: between two of them stand a few bytes, in any script and spacing. */
function isCompact({ offsets }: FoldedBlock, at: number, end: number): boolean {
  const span = (offsets[end - 1] as number) - (offsets[at] as number);
  return span <= (end - at) * BYTES_EACH + BYTES_MORE;
}

function isDigit(unit: number | undefined): boolean {
  return unit !== undefined && unit >= ZERO && unit <= NINE;
}
