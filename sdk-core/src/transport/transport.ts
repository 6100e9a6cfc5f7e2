import { joinBytes } from '../encoding/join-bytes.ts';
import { UserrefError } from '../errors/userref-error.ts';

/** Sends one request. Never follows redirects, gives up in time, and reads a bounded answer. */
export type Transport = (url: string, init?: RequestInit) => Promise<Response>;

export interface TransportOptions {
  /** Default: the global `fetch` of the moment of the call. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 262_144;

/** Every request of the SDK goes through one of these; each failure to get an answer is `network_failed`. */
export function createTransport(options: TransportOptions = {}): Transport {
  const { timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = options;
  return async (url, init = {}) => {
    const send = options.fetch ?? globalThis.fetch;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? eitherOf(init.signal, timeout) : timeout;
    try {
      const response = await send(url, { ...init, signal, redirect: 'manual' });
      return await readBounded(response, maxBytes);
    } catch (cause) {
      if (cause instanceof UserrefError) throw cause;
      throw new UserrefError('network_failed', { cause });
    }
  };
}

/** What `AbortSignal.any` does; the Edge runtime of Next.js has no such thing. */
function eitherOf(...signals: readonly AbortSignal[]): AbortSignal {
  const either = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) either.abort(signal.reason);
    else signal.addEventListener('abort', () => either.abort(signal.reason), { once: true });
  }
  return either.signal;
}

async function readBounded(response: Response, maxBytes: number): Promise<Response> {
  if (response.status < 200 || response.type === 'opaqueredirect') {
    throw new UserrefError('network_failed', { detail: 'The answer was a redirect, and none is followed.' });
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (const reader = response.body?.getReader(); reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      throw new UserrefError('network_failed', { detail: `The answer is larger than ${maxBytes} bytes.` });
    }
    chunks.push(value);
  }
  const { status, headers } = response;
  return new Response(size === 0 ? null : joinBytes(chunks, size), { status, headers });
}
