import { foldCodePoint } from '../needles/fold.ts';

/** Folded code units of a block of bytes, with where each stood. The arrays are used again for the next block. */
export interface FoldedBlock {
  readonly units: Uint16Array;
  /** Offset in the block of the byte that a unit began with. */
  readonly offsets: Uint32Array;
  /** 1 where something that is neither letter nor digit stood before a unit. */
  readonly gaps: Uint8Array;
  readonly length: number;
}

const DROP = 0;
/** A byte that no match goes over, put between things that have nothing to do with each other. */
export const BREAK = 1;
const ESCAPE = 0x1b;
const LONGEST_COLOUR = 24;
/** To be looked up as a string: becomes several units. */
const SEVERAL = 0xffff;
const MARKS = /[\p{M}\u200b-\u200d\u2060\ufeff\u00ad]/u;

/** What each code point of the first plane becomes; filled as they are met. */
const known = new Uint16Array(0x10000);
/** 0: not met yet; 2: an accent or joiner, which parts no words. */
const state = new Uint8Array(0x10000);
const MARK = 2;
const several = new Map<number, string>();

/** Decodes UTF-8, takes what is none for Latin-1, and folds. */
export class Folder {
  #units = new Uint16Array(0);
  #offsets = new Uint32Array(0);
  #gaps = new Uint8Array(0);
  #length = 0;
  #gap = 1;

  fold(bytes: Uint8Array): FoldedBlock {
    // A byte gives one unit at most, but for a few letters that become many: those grow the arrays.
    this.#reserve(bytes.length);
    this.#length = 0;
    this.#gap = 1;
    for (let at = 0; at < bytes.length; ) {
      const byte = bytes[at] as number;
      if (byte < 0x80) {
        const unit = state[byte] === 0 ? learn(byte) : (known[byte] as number);
        if (unit === DROP) this.#gap = 1;
        else this.#put(unit, at);
        if (unit === BREAK) this.#gap = 1;
        at += byte === ESCAPE ? colourLength(bytes, at) : 1;
      } else {
        at = this.#takeLong(bytes, at);
      }
    }
    return { units: this.#units, offsets: this.#offsets, gaps: this.#gaps, length: this.#length };
  }

  #takeLong(bytes: Uint8Array, at: number): number {
    const size = sequenceLength(bytes, at);
    const codePoint = size === 1 ? (bytes[at] as number) : decode(bytes, at, size);
    const isRare = codePoint > 0xffff;
    const unit = isRare ? SEVERAL : state[codePoint] === 0 ? learn(codePoint) : (known[codePoint] as number);
    if (unit === SEVERAL) this.#putAll(severalOf(codePoint), at);
    else if (unit !== DROP) this.#put(unit, at);
    else if (state[codePoint] !== MARK) this.#gap = 1;
    return at + size;
  }

  #put(unit: number, offset: number): void {
    const index = this.#length;
    if (index === this.#units.length) this.#reserve(index * 2);
    this.#units[index] = unit;
    this.#offsets[index] = offset;
    this.#gaps[index] = this.#gap;
    this.#gap = 0;
    this.#length = index + 1;
  }

  #putAll(text: string, offset: number): void {
    if (text === '') {
      this.#gap = 1;
      return;
    }
    for (let index = 0; index < text.length; index += 1) this.#put(text.charCodeAt(index), offset);
  }

  #reserve(size: number): void {
    if (this.#units.length >= size) return;
    const [units, offsets, gaps] = [this.#units, this.#offsets, this.#gaps];
    this.#units = new Uint16Array(size);
    this.#offsets = new Uint32Array(size);
    this.#gaps = new Uint8Array(size);
    this.#units.set(units);
    this.#offsets.set(offsets);
    this.#gaps.set(gaps);
  }
}

/** Bytes of the control sequence here, such as a terminal's colour (ECMA-48 §5.4): its letters belong to no text. */
function colourLength(bytes: Uint8Array, at: number): number {
  if (bytes[at + 1] !== 0x5b) return 1;
  for (let end = at + 2; end < at + LONGEST_COLOUR; end += 1) {
    const byte = bytes[end] ?? 0;
    if (byte >= 0x40 && byte <= 0x7e) return end + 1 - at;
    if (byte < 0x20 || byte > 0x3f) break;
  }
  return 1;
}

function learn(codePoint: number): number {
  const folded = codePoint === BREAK ? String.fromCharCode(BREAK) : foldCodePoint(codePoint);
  if (folded.length > 1) several.set(codePoint, folded);
  const unit = folded.length === 0 ? DROP : folded.length === 1 ? folded.charCodeAt(0) : SEVERAL;
  known[codePoint] = unit;
  state[codePoint] = unit === DROP && MARKS.test(String.fromCharCode(codePoint)) ? MARK : 1;
  return unit;
}

function severalOf(codePoint: number): string {
  let folded = several.get(codePoint);
  if (folded === undefined) {
    folded = foldCodePoint(codePoint);
    several.set(codePoint, folded);
  }
  return folded;
}

/** Bytes of the well-formed sequence here; 1 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  const size =
    first >= 0xf0 && first <= 0xf4
      ? 4
      : first >= 0xe0 && first < 0xf0
        ? 3
        : first >= 0xc2 && first < 0xe0
          ? 2
          : 1;
  for (let index = 1; index < size; index += 1) {
    if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 1;
  }
  if (size === 4) {
    const second = bytes[at + 1] as number;
    if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 1;
  }
  return size;
}

function decode(bytes: Uint8Array, at: number, size: number): number {
  let codePoint = (bytes[at] as number) & (0xff >> (size + 1));
  for (let index = 1; index < size; index += 1) {
    codePoint = (codePoint << 6) | ((bytes[at + index] as number) & 0x3f);
  }
  return codePoint;
}
