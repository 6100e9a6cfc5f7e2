import { joinBytes } from '../encoding/join-bytes.ts';
import { UserrefError } from '../errors/userref-error.ts';

/** Events are a few hundred bytes. */
const MAX_BYTES = 65_536;

/**
 * All bytes of a body, at most 64 KiB. `announced` is its `Content-Length`, where there is one.
 * @throws UserrefError `payload_too_large`
 */
export async function collectBody(
  chunks: AsyncIterable<Uint8Array>,
  announced?: string | null,
): Promise<Uint8Array> {
  if (Number(announced ?? 0) > MAX_BYTES) throw new UserrefError('payload_too_large');
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new UserrefError('payload_too_large');
    parts.push(chunk);
  }
  return joinBytes(parts, size);
}

/** The chunks of a stream; not every runtime can iterate over one. */
export async function* chunksOf(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  for (const reader = stream?.getReader(); reader; ) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
