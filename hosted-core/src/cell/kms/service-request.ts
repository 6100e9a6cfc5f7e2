import { createOutboundFetch, findOutboundError, type OutboundFetch } from '../../outbound/outbound-fetch.ts';
import { KeyServiceError } from './key-service-error.ts';

/** Longer than any call may take, so that the caller's signal is what ends it. */
const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** The way to a service whose address the operator wrote into the configuration, in a private network or not. */
export function keyServiceFetch(): OutboundFetch {
  return createOutboundFetch({ policy: 'any', timeoutMs: TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES });
}

export interface JsonRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface JsonAnswer {
  readonly status: number;
  /** The body as an object; empty when it is none. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** One request and its answer, whatever the status. Throws `KeyServiceError` `unavailable` when there is none. */
export async function requestJson(fetch: OutboundFetch, request: JsonRequest): Promise<JsonAnswer> {
  const { url, ...init } = request;
  try {
    const response = await fetch(url, init);
    return { status: response.status, json: asObject(await response.text()) };
  } catch (cause) {
    throw unreachable(cause);
  }
}

export function unreachable(cause: unknown): KeyServiceError {
  const reason = findOutboundError(cause)?.reason ?? 'request failed';
  return new KeyServiceError('unavailable', `not reached (${reason})`, { cause });
}

/** Base64 as services write it (RFC 4648 §4, padded). Throws `damaged` for everything else. */
export function decodeBase64(value: unknown): Buffer {
  if (typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value)) {
    const bytes = Buffer.from(value, 'base64');
    if (bytes.toString('base64') === value) return bytes;
  }
  throw new KeyServiceError('damaged', 'the answer holds no proper base64');
}

function asObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
