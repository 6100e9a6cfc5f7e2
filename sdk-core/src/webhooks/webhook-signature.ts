import { encodeBase64 } from '../encoding/base64.ts';
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
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(head.byteLength + body.byteLength);
  signed.set(head);
  signed.set(body, head.byteLength);
  const expected = await Promise.all(keys.map((key) => sign(key, signed)));
  const matches = expected.flatMap((ours) => signatures.map((theirs) => equalInConstantTime(ours, theirs)));
  return matches.includes(true);
}

async function sign(secret: Uint8Array<ArrayBuffer>, text: Uint8Array<ArrayBuffer>): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign']);
  return encodeBase64(new Uint8Array(await crypto.subtle.sign('HMAC', key, text)));
}
