import { createHmac, timingSafeEqual } from 'node:crypto';

export const SIGNATURE_HEADER = 'logto-signature-sha-256';

/**
 * HMAC-SHA256 of the body's exact bytes under the hook's signing key, in lower-case hexadecimal. Any of several keys
 * will do, since rotating the key at Logto takes effect without an overlap.
 */
export function isSignedByLogto(body: Buffer, header: unknown, keys: readonly string[]): boolean {
  if (typeof header !== 'string' || !/^[0-9a-f]{64}$/.test(header)) return false;
  const given = Buffer.from(header, 'hex');
  // All are tried, so that the time tells nothing of which one it was.
  return keys.filter((key) => timingSafeEqual(hmac(body, key), given)).length > 0;
}

function hmac(body: Buffer, key: string): Buffer {
  return createHmac('sha256', Buffer.from(key, 'utf8')).update(body).digest();
}
