import { constants, inflateRawSync } from 'node:zlib';
import { type Decoded, DecodedBytes } from './view.ts';

/** What zlib's second byte is when PHP, MySQL or Python write it (RFC 1950). */
const ZLIB = 0x78;
const ZLIB_LEVELS = new Set([0x01, 0x9c, 0xda]);
/** MySQL's COMPRESS() has the length in front. */
const PREFIXES = [0, 4];
const GZIP_HEADER_BYTES = 10;
/** RFC 1952 §2.3.1 */
const [HEADER_CHECK, EXTRA, NAME, COMMENT] = [2, 4, 8, 16] as const;
/** All that is unpacked of one view. */
const MOST_BYTES = 16 << 20;
/** What only begins like something packed is rare by chance: 32 times in a megabyte. */
const MOST_FAILURES = 500;

interface Unpacked {
  readonly text: Buffer;
  /** Bytes that it took. */
  readonly size: number;
}

/** What was packed by gzip or zlib somewhere in the bytes. */
export function inflateWithin(bytes: Uint8Array): Decoded | undefined {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let out: DecodedBytes | undefined;
  let failures = 0;
  for (let at = 0; at < whole.length && failures < MOST_FAILURES; at += 1) {
    if (!isBeginning(whole, at)) continue;
    const left = MOST_BYTES - (out?.length ?? 0);
    const unpacked = inflate(whole.subarray(at), left);
    if (unpacked === undefined) {
      failures += 1;
      continue;
    }
    out ??= new DecodedBytes(unpacked.text.length + 1);
    out.putAll(unpacked.text, at);
    at += unpacked.size - 1;
  }
  return out?.done({ isUnpacked: false, form: () => 'packed' });
}

/** What is packed, if anything, in bytes that begin with it. `unpacked` bytes of the view came out before. */
export function inflateStart(bytes: Uint8Array, unpacked: number): Buffer | undefined {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const prefix = PREFIXES.find((size) => isBeginning(whole, size));
  return prefix === undefined ? undefined : inflate(whole.subarray(prefix), MOST_BYTES - unpacked)?.text;
}

function isBeginning(bytes: Buffer, at: number): boolean {
  if (bytes[at] === ZLIB) return ZLIB_LEVELS.has(bytes[at + 1] as number) && isDeflate(bytes, at + 2);
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 0x08;
}

/** Whether a block of deflate may begin here (RFC 1951 §3.2.3): one that is stored says its length twice. */
function isDeflate(bytes: Buffer, at: number): boolean {
  const type = ((bytes[at] ?? 0xff) >> 1) & 3;
  if (type !== 0) return type !== 3;
  return at + 5 <= bytes.length && (bytes.readUInt16LE(at + 1) ^ bytes.readUInt16LE(at + 3)) === 0xffff;
}

/** @returns undefined for what only began so, or has more bytes */
function inflate(packed: Buffer, maxOutputLength: number): Unpacked | undefined {
  if (maxOutputLength < 1) return undefined;
  try {
    const start = packed[0] === ZLIB ? 2 : gzipHeaderSize(packed);
    // What was cut off at its end gives as much as there is.
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength, info: true };
    // Without the checks at the end, behind which something else stands here.
    const { buffer, engine } = inflateRawSync(packed.subarray(start), options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return buffer.length > 0 ? { text: buffer, size: start + engine.bytesWritten } : undefined;
  } catch {
    return undefined;
  }
}

function gzipHeaderSize(packed: Buffer): number {
  const flags = packed[3] ?? 0;
  let size = GZIP_HEADER_BYTES;
  if (flags & EXTRA) size += 2 + packed.readUInt16LE(size);
  for (const text of [NAME, COMMENT]) if (flags & text) size = packed.indexOf(0, size) + 1;
  return flags & HEADER_CHECK ? size + 2 : size;
}
