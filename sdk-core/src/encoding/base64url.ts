import { base64url } from 'jose';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const ONLY_ALPHABET = /^[A-Za-z0-9_-]+$/;

/** Bits of the last character that carry nothing, by length modulo 4; a length of 1 cannot occur. */
const UNUSED_BITS: Record<number, number> = { 0: 0, 2: 0b1111, 3: 0b11 };

/**
 * Whether decoding and encoding again gives the same text (RFC 4648 §3.5): no padding, no white space,
 * no standard alphabet, no stray bits at the end. So one value has one spelling.
 */
export function isCanonicalBase64url(text: string): boolean {
  const unused = UNUSED_BITS[text.length % 4];
  if (unused === undefined || !ONLY_ALPHABET.test(text)) return false;
  return (ALPHABET.indexOf(text.charAt(text.length - 1)) & unused) === 0;
}

/** The bytes of canonical base64url, or `null`. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  return isCanonicalBase64url(text) ? (base64url.decode(text) as Uint8Array<ArrayBuffer>) : null;
}

export function encodeBase64url(bytes: Uint8Array): string {
  return base64url.encode(bytes);
}
