import { ENTITIES } from './html-entities.ts';
import { type Decoded, DecodedBytes } from './view.ts';

const PERCENT = 0x25;
const AMPERSAND = 0x26;
const HASH = 0x23;
const BACKSLASH = 0x5c;
const SEMICOLON = 0x3b;
const LONGEST_ENTITY = 10;

/** What `\n` and its kin stand for; `\0` and `\Z` are MySQL's. */
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12, v: 11, 0: 0, Z: 26 };

const HEX_DIGITS = Int8Array.from({ length: 256 }, (_, byte) => {
  const text = String.fromCharCode(byte);
  return /[0-9a-f]/i.test(text) ? Number.parseInt(text, 16) : -1;
});

/** One escape: how many bytes it takes, and the code point (or the byte) that it stands for. */
interface Escape {
  readonly size: number;
  readonly codePoint?: number;
  readonly byte?: number;
}

/**
 * Undoes percent-encoding, the backslashes of JSON, JavaScript, SQL and PHP, and HTML's character references, all
 * at once and one layer deep. What is nested is undone by doing it again.
 * @returns undefined when nothing was escaped
 */
export function unescapeBytes(bytes: Uint8Array): Decoded | undefined {
  let out: DecodedBytes | undefined;
  let copied = 0;
  for (let at = nextSign(bytes, 0); at < bytes.length; at = nextSign(bytes, at)) {
    const found = readEscape(bytes, at);
    if (found === undefined) {
      at += 1;
      continue;
    }
    out ??= new DecodedBytes(bytes.length);
    out.copyNear(bytes, copied, at);
    if (found.byte !== undefined) out.put(found.byte, at);
    else if (found.codePoint !== undefined) out.putCodePoint(found.codePoint, at);
    at += found.size;
    copied = at;
  }
  if (out === undefined) return undefined;
  out.copyNear(bytes, copied, bytes.length);
  return out.done({ isUnpacked: false, form: (first, last) => formOf(bytes, first, last) });
}

function nextSign(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === PERCENT || byte === BACKSLASH || byte === AMPERSAND) return at;
  }
  return bytes.length;
}

function readEscape(bytes: Uint8Array, at: number): Escape | undefined {
  if (bytes[at] === PERCENT) return readPercent(bytes, at);
  return bytes[at] === AMPERSAND ? readEntity(bytes, at) : readBackslash(bytes, at);
}

/** `%C3`, or `%u017B` as JavaScript's `escape` writes it. */
function readPercent(bytes: Uint8Array, at: number): Escape | undefined {
  if (bytes[at + 1] === 0x75) {
    const codePoint = hexNumber(bytes, at + 2, 4);
    return codePoint === undefined ? undefined : { size: 6, codePoint };
  }
  const byte = hexNumber(bytes, at + 1, 2);
  return byte === undefined ? undefined : { size: 3, byte };
}

function readBackslash(bytes: Uint8Array, at: number): Escape | undefined {
  const next = bytes[at + 1];
  if (next === undefined) return undefined;
  const letter = String.fromCharCode(next);
  if (letter === 'u') return readUnicode(bytes, at);
  if (letter === 'x') {
    const byte = hexNumber(bytes, at + 2, 2);
    return byte === undefined ? undefined : { size: 4, byte };
  }
  const octal = octalNumber(bytes, at + 1);
  if (octal !== undefined) return { size: 4, byte: octal };
  if (Object.hasOwn(CONTROLS, letter)) return { size: 2, byte: CONTROLS[letter] as number };
  // Of a quote, a slash or a backslash; before anything else it may be a path or a name space.
  return /[\\'"/`]/.test(letter) ? { size: 2, byte: next } : undefined;
}

function readUnicode(bytes: Uint8Array, at: number): Escape | undefined {
  const unit = hexNumber(bytes, at + 2, 4);
  if (unit === undefined) return undefined;
  const isHigh = unit >= 0xd800 && unit < 0xdc00;
  if (!isHigh) return { size: 6, codePoint: unit >= 0xdc00 && unit < 0xe000 ? 0xfffd : unit };
  const hasLow = bytes[at + 6] === BACKSLASH && bytes[at + 7] === 0x75;
  const low = hasLow ? hexNumber(bytes, at + 8, 4) : undefined;
  if (low === undefined || low < 0xdc00 || low > 0xdfff) return { size: 6, codePoint: 0xfffd };
  return { size: 12, codePoint: 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) };
}

function readEntity(bytes: Uint8Array, at: number): Escape | undefined {
  const end = bytes.subarray(at, at + LONGEST_ENTITY + 2).indexOf(SEMICOLON);
  if (end < 2) return undefined;
  const name = String.fromCharCode(...bytes.subarray(at + 1, at + end));
  const codePoint = bytes[at + 1] === HASH ? numericEntity(name) : ENTITIES.get(name);
  return codePoint === undefined ? undefined : { size: end + 1, codePoint };
}

function numericEntity(name: string): number | undefined {
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name) ?? [];
  const text = hex ?? decimal;
  if (text === undefined) return undefined;
  const codePoint = Number.parseInt(text, hex === undefined ? 10 : 16);
  const isText = codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint < 0xe000);
  return isText ? codePoint : undefined;
}

function hexNumber(bytes: Uint8Array, from: number, size: number): number | undefined {
  let value = 0;
  for (let at = from; at < from + size; at += 1) {
    const digit = hexDigit(bytes[at]);
    if (digit < 0) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

/** `\303`, as PostgreSQL and C write a byte. */
function octalNumber(bytes: Uint8Array, from: number): number | undefined {
  const digits = [0, 1, 2].map((index) => (bytes[from + index] ?? 0) - 0x30);
  const [first = -1, second = -1, third = -1] = digits;
  const isOctal = first >= 0 && first <= 3 && second >= 0 && second <= 7 && third >= 0 && third <= 7;
  return isOctal ? first * 64 + second * 8 + third : undefined;
}

/** -1 for what is none. */
export function hexDigit(byte: number | undefined): number {
  return byte === undefined ? -1 : (HEX_DIGITS[byte] as number);
}

/** What the escapes in a stretch are called. */
function formOf(bytes: Uint8Array, first: number, last: number): string {
  const text = Buffer.from(bytes.subarray(first, last + 12)).toString('latin1');
  if (/\\u[0-9a-f]{4}/i.test(text)) return 'json-escaped';
  if (/%u?[0-9a-f]{2}/i.test(text)) return 'url-encoded';
  if (/&#?[a-z0-9]+;/i.test(text)) return 'html-escaped';
  return 'backslash-escaped';
}
