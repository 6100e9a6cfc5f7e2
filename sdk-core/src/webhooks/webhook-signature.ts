import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { equalInConstantTime } from '../encoding/constant-time.ts';
import type { SignedHeaders } from './webhook-request.ts';

/**
 * Whether one of the signatures is HMAC-SHA-256 of `id.timestamp.body` under one of the keys (Standard
 * Webhooks, `v1`). Every pair is compared, so the time does not tell which one fits.
 */
export async function isSigned(
  body: Uint8Array,
  { id, timestamp, signatures }: SignedHeaders,
  keys: readonly Uint8Array<ArrayBuffer>[],
): Promise<boolean> {
  const signed = signedText(id, timestamp, body);
  const expected = await Promise.all(keys.map((key) => sign(key, signed)));
  const matches = expected.flatMap((ours) => signatures.map((theirs) => equalInConstantTime(ours, theirs)));
  return matches.includes(true);
}

async function sign(secret: Uint8Array<ArrayBuffer>, text: Uint8Array<ArrayBuffer>): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign']);
  return encodeBase64(new Uint8Array(await crypto.subtle.sign('HMAC', key, text)));
}

/** Whether one of the signatures is Ed25519 of the same text by one of the public keys (`v1a`). */
export async function isSignedByKey(
  body: Uint8Array,
  { id, timestamp, keySignatures }: SignedHeaders,
  publicKeys: readonly Uint8Array<ArrayBuffer>[],
): Promise<boolean> {
  const signed = signedText(id, timestamp, body);
  for (const bytes of keySignatures.length > 0 ? publicKeys : []) {
    const key = await crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']);
    for (const text of keySignatures) {
      const signature = decodeBase64(text);
      if (signature !== null && (await crypto.subtle.verify('Ed25519', key, signature, signed))) return true;
    }
  }
  return false;
}

/** The `v1` signature of a message of our own to the core, such as an acknowledgement. */
export async function signMessage(
  { id, timestamp, body }: { id: string; timestamp: number; body: Uint8Array },
  secret: Uint8Array<ArrayBuffer>,
): Promise<string> {
  return `v1,${await sign(secret, signedText(id, timestamp, body))}`;
}

function signedText(id: string, timestamp: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(head.byteLength + body.byteLength);
  signed.set(head);
  signed.set(body, head.byteLength);
  return signed;
}
