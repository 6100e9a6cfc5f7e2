import { OutboundError } from './outbound-error.ts';

/** Statuses that never carry a body; `Response` refuses one (Fetch §2.2.3). */
const NULL_BODY = new Set([101, 204, 205, 304]);

/** The parts of a response that survive, whichever copy of the fetch classes it comes from. */
interface SourceResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Iterable<[string, string]>;
  readonly url: string;
  readonly body: AsyncIterable<Uint8Array> | null;
}

export interface Limits {
  /** Bytes of the body after decompression. */
  readonly maxBytes: number;
  /** Turns an error of the transport into one of ours. */
  readonly translate: (error: unknown) => Error;
  /** Called once, when no more of the body will be read. */
  readonly onEnd: () => void;
}

/**
 * The same response with a body that fails with `body_too_large` once it has given `maxBytes` bytes.
 * Chunks are pulled as they are read, so a decompression bomb costs no memory.
 * @throws OutboundError `response_malformed` for a status that `Response` cannot hold
 */
export function limitResponse(source: SourceResponse, limits: Limits): Response {
  const hasBody = source.body !== null && !NULL_BODY.has(source.status);
  const body = hasBody ? limitBody(source.body as AsyncIterable<Uint8Array>, limits) : null;
  if (!hasBody) limits.onEnd();
  try {
    const response = new Response(body, {
      status: source.status,
      statusText: source.statusText,
      headers: new Headers([...source.headers]),
    });
    Object.defineProperty(response, 'url', { value: source.url });
    return response;
  } catch (cause) {
    limits.onEnd();
    throw new OutboundError('response_malformed', { cause });
  }
}

function limitBody(source: AsyncIterable<Uint8Array>, limits: Limits): ReadableStream<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  let total = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await chunks.next();
          if (next.done) {
            limits.onEnd();
            return controller.close();
          }
          total += next.value.byteLength;
          if (total > limits.maxBytes) throw new OutboundError('body_too_large');
          controller.enqueue(next.value);
        } catch (error) {
          controller.error(limits.translate(error));
          await chunks.return?.().catch(() => {});
          limits.onEnd();
        }
      },
      async cancel() {
        await chunks.return?.();
        limits.onEnd();
      },
    },
    { highWaterMark: 0 },
  );
}
