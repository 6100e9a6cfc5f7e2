import { constants, inflateRawSync, inflateSync } from 'node:zlib';
import { type Decoded, DecodedBytes } from './view.ts';

/** How gzip (RFC 1952) and zlib (RFC 1950) begin, the latter as PHP, MySQL and Python write it. */
const BEGINNINGS = [
  [0x1f, 0x8b, 0x08],
  [0x78, 0x9c],
  [0x78, 0xda],
  [0x78, 0x01],
].map((bytes) => Buffer.from(bytes));
/** MySQL's COMPRESS() has the length in front. */
const PREFIXES = [0, 4];
const GZIP_HEADER_BYTES = 10;
/** RFC 1952 §2.3.1 */
const [HEADER_CHECK, EXTRA, NAME, COMMENT] = [2, 4, 8, 16] as const;
const MOST_BYTES = 64 << 20;
/** What was cut off at its end gives as much as there is. */
const LENIENT = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_BYTES };

/** What was packed by gzip or zlib somewhere in the bytes. */
export function inflateWithin(bytes: Uint8Array): Decoded | undefined {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let out: DecodedBytes | undefined;
  for (const beginning of BEGINNINGS) {
    for (let at = whole.indexOf(beginning); at >= 0; at = whole.indexOf(beginning, at + 1)) {
      const text = inflate(whole.subarray(at));
      if (text === undefined) continue;
      out ??= new DecodedBytes(text.length + 1);
      out.putAll(text, at);
    }
  }
  return out?.done({ isUnpacked: false, form: () => 'packed' });
}

/** What is packed, if anything, in bytes that begin with it. */
export function inflateStart(bytes: Uint8Array): Buffer | undefined {
  for (const prefix of PREFIXES) {
    const packed = Buffer.from(bytes.buffer, bytes.byteOffset + prefix, Math.max(0, bytes.length - prefix));
    const isPacked = BEGINNINGS.some((beginning) => packed.subarray(0, beginning.length).equals(beginning));
    const text = isPacked ? inflate(packed) : undefined;
    if (text !== undefined) return text;
  }
  return undefined;
}

/** @returns undefined for what only began so */
function inflate(packed: Buffer): Buffer | undefined {
  try {
    const body = packed[0] === 0x78 ? inflateSync(packed, LENIENT) : unpackGzip(packed);
    return body.length > 0 ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Without the checks at its end, behind which something else stands here. */
function unpackGzip(packed: Buffer): Buffer {
  const flags = packed[3] ?? 0;
  let start = GZIP_HEADER_BYTES;
  if (flags & EXTRA) start += 2 + packed.readUInt16LE(start);
  for (const text of [NAME, COMMENT]) if (flags & text) start = packed.indexOf(0, start) + 1;
  if (flags & HEADER_CHECK) start += 2;
  return inflateRawSync(packed.subarray(start), LENIENT);
}
