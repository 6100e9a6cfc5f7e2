import { createHmac, timingSafeEqual } from 'node:crypto';
import { KEY_BYTES } from './key-blob.ts';
import { encodeKeyContext } from './key-context.ts';
import type { KeyDriver } from './key-driver.ts';
import { KeyServiceError } from './key-service-error.ts';
import type { KeyContext, WrappedKey } from './key-wrapper.ts';

/** Format 1 is a key wrapped in this house (`key-blob.ts`). */
const FORMAT = 2;
const COMMITMENT_BYTES = 32;
const HEADER_BYTES = 1 + COMMITMENT_BYTES;
const DOMAIN = 'userref/kek/v2/commitment';

/**
 * Believes no service outside this process: before a key leaves, a commitment to the key and its context is
 * put in front of the service's blob, and what comes back must match it. So a service that returns another
 * key, or one that ignores the context, is found out before anything is encrypted or opened.
 *
 * Format: byte 2, HMAC-SHA-256 of the context under the key (32 bytes), the service's blob. The key is 256
 * random bits, so that the hash tells nothing about it.
 */
export function committedDriver(driver: KeyDriver): KeyDriver {
  const seal = (plainKey: Buffer, context: KeyContext, inner: WrappedKey): WrappedKey => ({
    rootKeyId: inner.rootKeyId,
    blob: Buffer.concat([Buffer.of(FORMAT), commitmentOf(plainKey, context), inner.blob]),
  });
  const { rewrap } = driver;
  return {
    rootKeyId: driver.rootKeyId,
    async wrap(plainKey, context, call) {
      if (plainKey.length !== KEY_BYTES) throw new TypeError('a key of the vault has 32 bytes');
      return seal(plainKey, context, await driver.wrap(plainKey, context, call));
    },
    async unwrap(wrapped, context, call) {
      const { commitment, inner } = split(wrapped);
      const plainKey = await driver.unwrap(inner, context, call);
      if (plainKey.length === KEY_BYTES && timingSafeEqual(commitmentOf(plainKey, context), commitment))
        return plainKey;
      plainKey.fill(0);
      throw new KeyServiceError('damaged', 'the service gave back another key than was wrapped here');
    },
    ...(rewrap && {
      async rewrap(wrapped: WrappedKey, context: KeyContext, call: Parameters<typeof rewrap>[2]) {
        const { header, inner } = split(wrapped);
        const moved = await rewrap.call(driver, inner, context, call);
        return { rootKeyId: moved.rootKeyId, blob: Buffer.concat([header, moved.blob]) };
      },
    }),
    close: async () => driver.close?.(),
  };
}

function commitmentOf(plainKey: Buffer, context: KeyContext): Buffer {
  return createHmac('sha256', plainKey).update(encodeKeyContext(DOMAIN, context)).digest();
}

function split({ rootKeyId, blob }: WrappedKey) {
  if (blob.length <= HEADER_BYTES || blob[0] !== FORMAT)
    throw new KeyServiceError('damaged', 'wrapped key has an unknown form');
  return {
    header: blob.subarray(0, HEADER_BYTES),
    commitment: blob.subarray(1, HEADER_BYTES),
    inner: { rootKeyId, blob: blob.subarray(HEADER_BYTES) },
  };
}
