import { BREAK } from '../match/folded-block.ts';
import { inflateStart } from './inflate.ts';
import { textyStretches } from './texty.ts';
import { hexDigit } from './unescape.ts';
import { type Decoded, DecodedBytes, type View } from './view.ts';

const NONE = 255;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** A line of base64 that goes on in the next one is this long at least (MIME has 76, PEM 64). */
const SHORTEST_LINE = 60;
/** What may stand before a line: spaces, tabs, and the marks of a quoted mail. */
const BEFORE_LINES = new Set([0x20, 0x09, 0x3e]);
const MOST_INDENTED = 32;
const SEXTETS = sextets();

/** Stretches of letters of one encoding: their offsets one after the other, and where each run ends among them. */
interface Runs {
  readonly letters: Uint32Array;
  readonly ends: readonly number[];
}

/** Everything in base64 of either alphabet that reads like text, from each of the places a byte may begin at. */
export function decodeBase64Runs({ bytes, from }: View, { fewestBytes }: { fewestBytes: number }): Decoded[] {
  const runs = newRuns(base64Runs(bytes, Math.ceil((fewestBytes * 4) / 3)), from?.decoded);
  return decodeRuns(runs, { fewestBytes, form: 'base64', places: 4 }, (letters, { from, to, into }) => {
    let size = 0;
    for (let at = from; at + 1 < to; at += 4) {
      // Past the end these are zero, and what comes of them is not kept.
      const a = SEXTETS[bytes[letters[at] as number] as number] as number;
      const b = SEXTETS[bytes[letters[at + 1] as number] as number] as number;
      const c = at + 2 < to ? (SEXTETS[bytes[letters[at + 2] as number] as number] as number) : 0;
      const d = at + 3 < to ? (SEXTETS[bytes[letters[at + 3] as number] as number] as number) : 0;
      into.bytes[size] = (a << 2) | (b >> 4);
      into.offsets[size++] = letters[at] as number;
      if (at + 2 >= to) break;
      into.bytes[size] = (b << 4) | (c >> 2);
      into.offsets[size++] = letters[at + 1] as number;
      if (at + 3 >= to) break;
      into.bytes[size] = (c << 6) | d;
      into.offsets[size++] = letters[at + 2] as number;
    }
    return size;
  });
}

/** Everything in hexadecimal that reads like text; a byte may begin at every digit. */
export function decodeHexRuns({ bytes, from }: View, { fewestBytes }: { fewestBytes: number }): Decoded[] {
  const runs = newRuns(hexRuns(bytes, fewestBytes * 2), from?.decoded);
  return decodeRuns(runs, { fewestBytes, form: 'hex', places: 2 }, (letters, { from, to, into }) => {
    let size = 0;
    for (let at = from; at + 1 < to; at += 2) {
      const high = letters[at] as number;
      const low = letters[at + 1] as number;
      into.bytes[size] = hexDigit(bytes[high]) * 16 + hexDigit(bytes[low]);
      into.offsets[size++] = high;
    }
    return size;
  });
}

/** Without the runs that stood just so in what this was decoded from, where they have been looked into. */
function newRuns({ letters, ends }: Runs, decoded: Decoded | undefined): Runs {
  if (decoded === undefined) return { letters, ends };
  const kept: number[] = [];
  let [start, size] = [0, 0];
  for (const end of ends) {
    const [first, last] = [letters[start] as number, letters[end - 1] as number];
    const span = (decoded.offsets[last] as number) - (decoded.offsets[first] as number);
    if (span !== end - start - 1) {
      letters.copyWithin(size, start, end);
      size += end - start;
      kept.push(size);
    }
    start = end;
  }
  return { letters: letters.subarray(0, size), ends: kept };
}

interface Buffers {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
}

type DecodeRun = (letters: Uint32Array, run: { from: number; to: number; into: Buffers }) => number;

/** Decodes all runs from each place that a byte may begin at, and keeps what reads like text. */
function decodeRuns(
  { letters, ends }: Runs,
  { fewestBytes, form, places }: { fewestBytes: number; form: string; places: number },
  decode: DecodeRun,
): Decoded[] {
  if (ends.length === 0) return [];
  const into = { bytes: new Uint8Array(letters.length), offsets: new Uint32Array(letters.length) };
  const decoded: Decoded[] = [];
  const packed = new DecodedBytes(1);
  for (let skip = 0; skip < places; skip += 1) {
    const out = new DecodedBytes(4096);
    let start = 0;
    for (const end of ends) {
      const size = decode(letters, { from: start + skip, to: end, into });
      const text = skip === 0 ? inflateStart(into.bytes.subarray(0, size), packed.length) : undefined;
      if (text === undefined) keepText(into, { size, fewestBytes, out });
      else packed.putAll(text, letters[start] as number);
      start = end;
    }
    if (out.length > 0) decoded.push(out.done({ isUnpacked: true, form: () => form }));
  }
  if (packed.length > 0) decoded.push(packed.done({ isUnpacked: false, form: () => `${form}, packed` }));
  return decoded;
}

function keepText(
  { bytes, offsets }: Buffers,
  { size, fewestBytes, out }: { size: number; fewestBytes: number; out: DecodedBytes },
): void {
  const stretches = textyStretches(bytes, size, fewestBytes);
  for (let index = 0; index < stretches.length; index += 2) {
    const [from, to] = [stretches[index] as number, stretches[index + 1] as number];
    for (let at = from; at < to; at += 1) out.put(bytes[at] as number, offsets[at] as number);
    out.put(BREAK, offsets[to - 1] as number);
  }
}

/** A run may go on over the end of a line. */
function base64Runs(bytes: Uint8Array, fewest: number): Runs {
  const letters = new Uint32Array(bytes.length);
  const ends: number[] = [];
  let [kept, size] = [0, 0];
  for (let at = 0; at < bytes.length; ) {
    const start = at;
    while (at < bytes.length && SEXTETS[bytes[at] as number] !== NONE) {
      letters[size++] = at;
      at += 1;
    }
    const next = at - start >= SHORTEST_LINE ? lineAfter(bytes, at) : undefined;
    if (next !== undefined) {
      at = next;
      continue;
    }
    if (size - kept >= fewest) {
      ends.push(size);
      kept = size;
    }
    size = kept;
    at += 1;
  }
  if (size - kept >= fewest) ends.push(size);
  return { letters: letters.subarray(0, ends.at(-1) ?? 0), ends };
}

/** Where the next line's letters begin, if a line ends here and the next one has some: perhaps indented or quoted. */
function lineAfter(bytes: Uint8Array, at: number): number | undefined {
  const end = bytes[at] === RETURN ? at + 1 : at;
  if (bytes[end] !== NEWLINE) return undefined;
  let next = end + 1;
  while (next <= end + MOST_INDENTED && BEFORE_LINES.has(bytes[next] as number)) next += 1;
  const first = bytes[next];
  return first !== undefined && SEXTETS[first] !== NONE ? next : undefined;
}

function hexRuns(bytes: Uint8Array, fewest: number): Runs {
  const letters = new Uint32Array(bytes.length);
  const ends: number[] = [];
  let size = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const start = at;
    while (at < bytes.length && hexDigit(bytes[at]) >= 0) at += 1;
    if (at - start < fewest) continue;
    for (let index = start; index < at; index += 1) letters[size++] = index;
    ends.push(size);
  }
  return { letters: letters.subarray(0, size), ends };
}

/** RFC 4648 §4 and §5 in one table. */
function sextets(): Uint8Array {
  const table = new Uint8Array(256).fill(NONE);
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let index = 0; index < letters.length; index += 1) table[letters.charCodeAt(index)] = index;
  table['-'.charCodeAt(0)] = 62;
  table['_'.charCodeAt(0)] = 63;
  return table;
}
