import { createHmac, type KeyObject, randomBytes, sign } from 'node:crypto';
import { UserrefError } from '../../errors/userref-error.ts';

const SECRET_PREFIX = 'whsec_';
const NEW_SECRET_BYTES = 32;
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
/** A dot would let the boundary between id, timestamp and body shift. */
const MESSAGE_ID = /^[A-Za-z0-9_-]{1,64}$/;

export interface WebhookMessage {
  /** `webhook-id`: the same at every attempt. Letters, digits, `_` and `-`. */
  readonly id: string;
  /** Unix seconds of this attempt. */
  readonly timestamp: number;
  /** The exact bytes that are sent. */
  readonly body: Uint8Array;
}

export interface WebhookSigners {
  /** `whsec_…`, the current one first; at least one. */
  readonly secrets: readonly string[];
  /** Ed25519, the current one first. */
  readonly signingKeys?: readonly KeyObject[];
}

/**
 * The headers of one attempt (Standard Webhooks 1.0.0, «Webhook headers»): one `v1` signature a secret, one
 * `v1a` signature a key.
 */
export function webhookHeaders(
  message: WebhookMessage,
  { secrets, signingKeys = [] }: WebhookSigners,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const signatures = [signWebhook(message, secrets), ...signingKeys.map((key) => signWithKey(message, key))];
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

/** Ed25519 over the same bytes as `v1`, as `v1a,<base64>`. */
function signWithKey({ id, timestamp, body }: WebhookMessage, key: KeyObject): string {
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  return `v1a,${sign(null, signed, key).toString('base64')}`;
}

/**
 * HMAC-SHA256 over `id.timestamp.body`, as `v1,<base64>`, separated by spaces.
 * @throws UserrefError `internal_error` for a message that must not be signed, `invalid_request` for a
 *   malformed secret
 */
export function signWebhook(message: WebhookMessage, secrets: readonly string[]): string {
  const { id, timestamp, body } = message;
  if (!MESSAGE_ID.test(id) || !Number.isSafeInteger(timestamp) || timestamp <= 0 || secrets.length === 0) {
    throw new UserrefError('internal_error', { logDetail: 'webhook message cannot be signed' });
  }
  return secrets.map((secret) => `v1,${hmac(secret, `${id}.${timestamp}.`, body)}`).join(' ');
}

/** A new secret of 256 random bits. */
export function newWebhookSecret(): string {
  return SECRET_PREFIX + randomBytes(NEW_SECRET_BYTES).toString('base64');
}

/**
 * The key bytes of a `whsec_…` secret.
 * @throws UserrefError `invalid_request` unless it is canonical base64 of 24 to 64 bytes
 */
export function decodeWebhookSecret(secret: string): Buffer {
  const text = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : '';
  const key = Buffer.from(text, 'base64');
  if (key.toString('base64') === text && key.length >= MIN_SECRET_BYTES && key.length <= MAX_SECRET_BYTES)
    return key;
  throw new UserrefError('invalid_request', {
    detail: 'A webhook secret is `whsec_` and the base64 of 24 to 64 random bytes.',
  });
}

function hmac(secret: string, prefix: string, body: Uint8Array): string {
  return createHmac('sha256', decodeWebhookSecret(secret)).update(prefix).update(body).digest('base64');
}
