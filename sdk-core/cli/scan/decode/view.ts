import { BREAK } from '../match/folded-block.ts';

/** What is kept on both sides of an escape: no value is longer. Text far from all escapes has been searched as it is. */
const AROUND = 1024;
const NEWLINE = 0x0a;

/** Bytes that were decoded from others, and from where each of them came. */
export interface Decoded {
  readonly bytes: Uint8Array;
  /** For each byte, the offset in what it was decoded from. */
  readonly offsets: Uint32Array;
  /** From base64 or hexadecimal: what is beside a value there may be anything. */
  readonly isUnpacked: boolean;
  /** How what stands from `first` to `last` there was written. */
  form(first: number, last: number): string;
}

/** What is searched: the bytes themselves, or what they are when something is undone. */
export interface View {
  readonly bytes: Uint8Array;
  readonly from?: { readonly view: View; readonly decoded: Decoded };
}

/** Where a stretch of a view stands in the bytes that everything began with, and how it was written there. */
export function originOf(view: View, place: { start: number; last: number }) {
  const forms: string[] = [];
  let { start, last } = place;
  for (let at = view; at.from !== undefined; at = at.from.view) {
    const { decoded } = at.from;
    start = decoded.offsets[start] as number;
    last = decoded.offsets[last] as number;
    forms.push(decoded.form(start, last));
  }
  return { start, last, forms: forms.reverse() };
}

/** Collects decoded bytes; grows as it must. */
export class DecodedBytes {
  #bytes: Uint8Array;
  #offsets: Uint32Array;
  length = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
    this.#offsets = new Uint32Array(size);
  }

  put(byte: number, offset: number): void {
    if (this.length === this.#bytes.length) this.#grow();
    this.#bytes[this.length] = byte;
    this.#offsets[this.length] = offset;
    this.length += 1;
  }

  putCodePoint(codePoint: number, offset: number): void {
    if (codePoint < 0x80) this.put(codePoint, offset);
    else for (const byte of Buffer.from(String.fromCodePoint(codePoint), 'utf8')) this.put(byte, offset);
  }

  /** A whole text that comes from one place, with a gap behind it. */
  putAll(text: Uint8Array, offset: number): void {
    for (const byte of text) this.put(byte, offset);
    this.put(BREAK, offset);
  }

  /** Copies what stands between two escapes; of a long text only its ends, with a gap between them that cuts no word. */
  copyNear(bytes: Uint8Array, from: number, to: number): void {
    let [head, tail] = [from + AROUND, to - AROUND];
    while (head < tail && isInWord(bytes[head])) head += 1;
    while (head < tail && isInWord(bytes[tail - 1])) tail -= 1;
    const isLong = head < tail;
    for (let at = from; at < (isLong ? head : to); at += 1) this.put(bytes[at] as number, at);
    if (!isLong) return;
    this.put(BREAK, head);
    this.put(NEWLINE, head);
    for (let at = tail; at < to; at += 1) this.put(bytes[at] as number, at);
  }

  done({ isUnpacked, form }: Pick<Decoded, 'isUnpacked' | 'form'>): Decoded {
    const [bytes, offsets] = [this.#bytes.subarray(0, this.length), this.#offsets.subarray(0, this.length)];
    return { bytes, offsets, isUnpacked, form };
  }

  #grow(): void {
    const [bytes, offsets] = [this.#bytes, this.#offsets];
    this.#bytes = new Uint8Array(bytes.length * 2);
    this.#offsets = new Uint32Array(offsets.length * 2);
    this.#bytes.set(bytes);
    this.#offsets.set(offsets);
  }
}

function isInWord(byte: number | undefined): boolean {
  const lower = (byte ?? 0) | 0x20;
  return lower >= 0x80 || (lower >= 0x61 && lower <= 0x7a) || (lower >= 0x30 && lower <= 0x39);
}
