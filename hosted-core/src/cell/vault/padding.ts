import { UserrefError } from '../../errors/userref-error.ts';

/** The longest value, in bytes of its JSON. */
export const MAX_VALUE_BYTES = 65_536;

const LENGTH_BYTES = 4;
const SMALLEST_BUCKET = 64;
const LARGEST_BUCKET = MAX_VALUE_BYTES + SMALLEST_BUCKET;

/** Puts the length before the value and zeros after it, so that the ciphertext tells a size bucket only. */
export function pad(value: Buffer): Buffer {
  if (value.length === 0)
    throw new UserrefError('invalid_request', { detail: 'An attribute has an empty value.' });
  if (value.length > MAX_VALUE_BYTES) {
    throw new UserrefError('payload_too_large', { detail: 'An attribute is longer than 64 KiB.' });
  }
  const padded = Buffer.alloc(bucketFor(value.length));
  padded.writeUInt32BE(value.length, 0);
  value.copy(padded, LENGTH_BYTES);
  return padded;
}

/** Takes the value out again; `undefined` when the padding is not exactly what {@link pad} makes. */
export function unpad(padded: Buffer): Buffer | undefined {
  if (padded.length < SMALLEST_BUCKET) return undefined;
  const length = padded.readUInt32BE(0);
  if (length === 0 || length > MAX_VALUE_BYTES || bucketFor(length) !== padded.length) return undefined;
  const end = LENGTH_BYTES + length;
  for (let index = end; index < padded.length; index += 1) if (padded[index] !== 0) return undefined;
  return padded.subarray(LENGTH_BYTES, end);
}

/** Powers of two from 64 bytes on; the last bucket has room for the largest value. */
export function bucketFor(valueBytes: number): number {
  let bucket = SMALLEST_BUCKET;
  while (bucket < valueBytes + LENGTH_BYTES) bucket *= 2;
  return Math.min(bucket, LARGEST_BUCKET);
}
