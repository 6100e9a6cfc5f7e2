import { UserrefError } from '../errors/userref-error.ts';

/** A delivery as it came, before anything parsed it. */
export interface WebhookRequest {
  /** Headers of the request: a `Headers`, or an object with lower-case names as Node has it. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The raw body, byte for byte as it came. */
  readonly body: Uint8Array | string;
}

/** The three headers of Standard Webhooks, in their strict form. */
export interface SignedHeaders {
  readonly id: string;
  /** Unix seconds. */
  readonly timestamp: number;
  /** Candidates for `v1`, base64; others were dropped. */
  readonly signatures: readonly string[];
  /** Candidates for `v1a`, base64. */
  readonly keySignatures: readonly string[];
}

/** No dot: the signed text is `id.timestamp.body`, and a dot would let its parts shift. */
const ID = /^[A-Za-z0-9_-]{1,128}$/;
const TIMESTAMP = /^\d{10}$/;
const SIGNATURE = /^v1,[A-Za-z0-9+/]{43}=$/;
const KEY_SIGNATURE = /^v1a,[A-Za-z0-9+/]{85}[AQgw]==$/;
const MAX_SIGNATURES = 16;
const MAX_SIGNATURE_HEADER = 4096;

/** @throws UserrefError `webhook_headers_missing`, `webhook_timestamp_invalid`, `webhook_signature_invalid` */
export function readSignedHeaders(headers: WebhookRequest['headers']): SignedHeaders {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signature = headerOf(headers, 'webhook-signature');
  if (!ID.test(id)) throw new UserrefError('webhook_headers_missing', { detail: 'webhook-id is malformed.' });
  if (!TIMESTAMP.test(timestamp)) throw new UserrefError('webhook_timestamp_invalid');
  const parts = signature.length > MAX_SIGNATURE_HEADER ? [] : signature.split(' ');
  if (parts.length > MAX_SIGNATURES) throw new UserrefError('webhook_signature_invalid');
  const signatures = parts.filter((part) => SIGNATURE.test(part)).map((part) => part.slice('v1,'.length));
  const keySignatures = parts
    .filter((part) => KEY_SIGNATURE.test(part))
    .map((part) => part.slice('v1a,'.length));
  return { id, timestamp: Number(timestamp), signatures, keySignatures };
}

function headerOf(headers: WebhookRequest['headers'], name: string): string {
  const value = isHeaders(headers) ? headers.get(name) : headers[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new UserrefError('webhook_headers_missing', { detail: `${name} is missing or occurs twice.` });
}

/** By what it can do: those of other packages and of another realm are not of our class. */
function isHeaders(headers: WebhookRequest['headers']): headers is Headers {
  return typeof headers.get === 'function';
}
