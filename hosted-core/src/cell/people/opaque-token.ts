import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits for a cookie, a code or a state. The database only ever sees {@link tokenHash} of it. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256, 32 bytes. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
