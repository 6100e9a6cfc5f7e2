import { type Fingerprint, LONGEST, type ScanKey } from '../needles/fingerprint.ts';
import { indexFingerprints, type ShingleIndex } from './fingerprint-index.ts';
import { BREAK, type FoldedBlock, Folder } from './folded-block.ts';

export interface Match {
  readonly kind: string;
  /** Offset of the first byte in what was searched. */
  readonly start: number;
  /** Offset of the byte that the last letter begins with. */
  readonly last: number;
}

/** Values that are odder than this, for their number, need no edges of words where there are none; see decision 0042. */
export type Strictness = 'canaries' | 'fingerprints';
const FREE_BITS: Record<Strictness, number> = { canaries: 26, fingerprints: 34 };

const JOINING = 0x590;
/** Bytes on both sides that tell text from other files. */
const NEAR = 48;
const [TAB, NEWLINE, RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20] as const;

/** How far a value may stretch in the bytes. */
const BYTES_EACH = 6;
const BYTES_MORE = 32;

const PARTS_NUMBERS = new Set(Buffer.from('\t\n\r"\',:;<=>[]{|}&'));
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

  /** @param place `isPacked` for bytes from base64 or hexadecimal, or of a database's files, where a value may begin anywhere */
  find(bytes: Uint8Array, { isPacked = false }: { isPacked?: boolean } = {}): Match[] {
    const block = this.#folder.fold(bytes);
    if (this.#sums.length <= block.length) this.#sums = new Int32Array(block.length + LONGEST);
    this.#key.polynomial.fillSums(block.units, block.length, this.#sums);
    const text = { block, bytes, isPacked };
    return this.#indexes.flatMap((index) => this.#search(text, index));
  }

  #search(text: Searched, index: ShingleIndex): Match[] {
    const { block } = text;
    const matches: Match[] = [];
    const sums = this.#sums;
    const size = index.shingleLength;
    const power = this.#key.polynomial.power(size);
    for (let at = 0; at + size <= block.length; at += 1) {
      const shingle = ((sums[at + size] as number) - Math.imul(sums[at] as number, power)) >>> 0;
      if (!index.mayHave(shingle)) continue;
      for (const one of index.get(shingle) ?? []) {
        if (!this.#isHere(text, at, one)) continue;
        const last = block.offsets[at + one.length - 1] as number;
        matches.push({ kind: one.kind, start: block.offsets[at] as number, last });
      }
    }
    return matches;
  }

  #isHere(text: Searched, at: number, one: Fingerprint): boolean {
    const { block } = text;
    const end = at + one.length;
    if (end > block.length || !isCompact(block, at, end)) return false;
    if (this.#key.polynomial.hashAt(this.#sums, at, one.length) !== one.whole) return false;
    if (!this.#mayStandHere(text, at, one)) return false;
    if (one.isDigits && !isOneNumber(text, at, end)) return false;
    return this.#key.mac(String.fromCharCode(...block.units.subarray(at, end))) === one.mac;
  }

  /**
   * Whether what stands here is a value of its own: «nada@example.test» is not «ada@example.test», and a longer
   * number is another one. Where nothing parts values (packed rows, what was decoded), odd ones are taken as they are.
   */
  #mayStandHere(text: Searched, at: number, one: Fingerprint): boolean {
    const { block } = text;
    const end = at + one.length;
    const isWhole = isEdge(block, at, one) && isEdge(block, end, one);
    if (isWhole || one.bits < this.#freeBits) return isWhole;
    return text.isPacked || isAmongBytes(text, at, end);
  }
}

interface Searched {
  readonly block: FoldedBlock;
  readonly bytes: Uint8Array;
  readonly isPacked: boolean;
}

/** Whether a value may begin or end before the unit `at`. */
function isEdge({ units, gaps, length }: FoldedBlock, at: number, { isDigits }: Fingerprint): boolean {
  if (at === 0 || at === length || gaps[at] === 1) return true;
  const [before, after] = [units[at - 1] as number, units[at] as number];
  // From Hebrew on, scripts join words or put them side by side.
  if (before >= JOINING || after >= JOINING) return true;
  return isDigits && !(isDigit(before) && isDigit(after));
}

/** Whether control characters stand near in the same line, as they do in files that are no text. */
function isAmongBytes({ block, bytes }: Searched, at: number, end: number): boolean {
  const [first, last] = [block.offsets[at] as number, block.offsets[end - 1] as number];
  for (let at = first - 1; at >= first - NEAR && !isLineEnd(bytes[at]); at -= 1) {
    if (isControl(bytes[at])) return true;
  }
  for (let at = last; at < last + NEAR && !isLineEnd(bytes[at]); at += 1) {
    if (isControl(bytes[at])) return true;
  }
  return false;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === undefined || byte === NEWLINE;
}

function isControl(byte: number | undefined): boolean {
  return byte !== undefined && byte < SPACE && (byte < TAB || byte > RETURN) && byte !== BREAK;
}

/** Letters far apart make no value: between two of them stand a few bytes, in any script and spacing. */
function isCompact({ offsets }: FoldedBlock, at: number, end: number): boolean {
  const span = (offsets[end - 1] as number) - (offsets[at] as number);
  return span <= (end - at) * BYTES_EACH + BYTES_MORE;
}

/** Not a number, a comma and another one: what parts the digits of a telephone number is none of these. */
function isOneNumber({ block, bytes }: Searched, at: number, end: number): boolean {
  const [first, last] = [block.offsets[at] as number, block.offsets[end - 1] as number];
  for (let index = first; index < last; index += 1) {
    if (PARTS_NUMBERS.has(bytes[index] as number)) return false;
  }
  return true;
}

function isDigit(unit: number | undefined): boolean {
  return unit !== undefined && unit >= ZERO && unit <= NINE;
}
