import { joinBytes } from '../encoding/join-bytes.ts';

/** Bytes that a list may unpack to: eight million passports. */
export const MAX_LIST_BYTES = 1_048_576;

export type Inflated =
  | { readonly result: 'bytes'; readonly bytes: Uint8Array }
  | { readonly result: 'malformed' | 'too_large' };

/** Unpacks DEFLATE in the ZLIB format (RFC 1950), piece by piece, and stops at the first byte too many. */
export async function inflate(packed: Uint8Array<ArrayBuffer>, maxBytes = MAX_LIST_BYTES): Promise<Inflated> {
  // Not by its bare name, of which `next build` warns for middleware on Edge, where lists are never read.
  const { DecompressionStream: Inflate } = globalThis;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(packed);
      controller.close();
    },
  });
  const reader = source.pipeThrough(new Inflate('deflate')).getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > maxBytes) {
        await reader.cancel().catch(() => {});
        return { result: 'too_large' };
      }
      pieces.push(value);
    }
  } catch {
    return { result: 'malformed' };
  }
  return { result: 'bytes', bytes: joinBytes(pieces, size) };
}
