import { hexDigit } from './unescape.ts';
import { type Decoded, DecodedBytes } from './view.ts';

const EQUALS = 0x3d;
const QUESTION = 0x3f;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const TAB = 0x09;
const BLANKS = new Set([0x20, TAB]);
/** RFC 2045 §6.7, rule 5. */
const LONGEST_LINE = 76;
const GOES_ON = /[A-Za-z=?\r\n]/;
const LONGEST_CHARSET = 40;

/**
 * Undoes quoted-printable (RFC 2045 §6.7) as mails have it, and in their headers (RFC 2047 §4.2). By itself and not
 * with the other escapes: `mail=ada%40…` begins like the byte AD.
 * @returns undefined when nothing was encoded
 */
export function decodeQuotedPrintable(bytes: Uint8Array): Decoded | undefined {
  let out: DecodedBytes | undefined;
  let copied = 0;
  for (let at = bytes.indexOf(EQUALS); at >= 0; at = bytes.indexOf(EQUALS, at + 1)) {
    const byte = encodedByte(bytes, at);
    const end = byte === undefined ? joinEnd(bytes, at) : at + 3;
    if (end === undefined) continue;
    out ??= new DecodedBytes(bytes.length);
    out.copyNear(bytes, copied, at);
    if (byte !== undefined) out.put(byte, at);
    copied = end;
    at = end - 1;
  }
  out?.copyNear(bytes, copied, bytes.length);
  return out?.done({ isUnpacked: false, form: () => 'quoted-printable' });
}

/** Never a letter or a digit of ASCII, which nobody encodes; and in capitals, as the standard says. */
function encodedByte(bytes: Uint8Array, at: number): number | undefined {
  const [high, low] = [capitalHex(bytes[at + 1]), capitalHex(bytes[at + 2])];
  if (high < 2 || low < 0) return undefined;
  const byte = high * 16 + low;
  if (byte >= 0x80) return byte;
  const isNeedless = /[A-Za-z0-9]/.test(String.fromCharCode(byte));
  // Logs are full of `page=20&` and the like.
  return isNeedless || !GOES_ON.test(String.fromCharCode(bytes[at + 3] ?? NEWLINE)) ? undefined : byte;
}

function capitalHex(byte: number | undefined): number {
  return byte !== undefined && byte < 0x61 ? hexDigit(byte) : -1;
}

/** Behind the end of a line that goes on in the next one, or behind what parts two encoded words of a header. */
function joinEnd(bytes: Uint8Array, at: number): number | undefined {
  if (!isLineOfText(bytes, at)) return undefined;
  const line = lineEnd(bytes, at + 1);
  const isWordEnd = bytes[at - 1] === QUESTION;
  if (!isWordEnd) return line;
  let next = line ?? at + 1;
  while (BLANKS.has(bytes[next] as number)) next += 1;
  const head = Buffer.from(bytes.subarray(next, next + LONGEST_CHARSET)).toString('latin1');
  const [begin] = /^=\?[\w*-]+\?q\?/i.exec(head) ?? [];
  return begin === undefined || next === at + 1 ? undefined : next + begin.length;
}

/** Whether the line before is of ASCII, as the encoding makes it: in other files an equals sign joins nothing. */
function isLineOfText(bytes: Uint8Array, end: number): boolean {
  for (let at = end - 1; at >= 0 && at > end - LONGEST_LINE; at -= 1) {
    const byte = bytes[at] as number;
    if (byte === NEWLINE) return true;
    if (byte !== RETURN && byte !== TAB && (byte < 0x20 || byte > 0x7e)) return false;
  }
  return true;
}

function lineEnd(bytes: Uint8Array, from: number): number | undefined {
  let at = from;
  while (BLANKS.has(bytes[at] as number)) at += 1;
  if (bytes[at] === RETURN) at += 1;
  return bytes[at] === NEWLINE ? at + 1 : undefined;
}
