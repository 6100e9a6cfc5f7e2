import { encodeBase64url } from '../encoding/base64url.ts';

/** 256 random bits as 43 characters of base64url. */
export function randomToken(): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(32)));
}
