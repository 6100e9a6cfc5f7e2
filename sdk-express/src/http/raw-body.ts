import { UserrefError } from '@userref/sdk-core';
import type { Request } from 'express';

/** Events are a few hundred bytes. */
const MAX_BYTES = 65_536;

/**
 * The body as it came over the wire. Bytes that `express.raw()` read are fine; after any other parser the
 * exact bytes, and with them the signature, are gone.
 * @throws UserrefError `webhook_body_parsed`, `payload_too_large`
 */
export async function rawBody(request: Request): Promise<Uint8Array> {
  const body: unknown = request.body;
  if (body instanceof Uint8Array) return checkSize(body);
  if (request.readableDidRead || request.readableEnded) throw new UserrefError('webhook_body_parsed');
  if (Number(request.headers['content-length']) > MAX_BYTES) throw new UserrefError('payload_too_large');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new UserrefError('payload_too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function checkSize(body: Uint8Array): Uint8Array {
  if (body.byteLength > MAX_BYTES) throw new UserrefError('payload_too_large');
  return body;
}
