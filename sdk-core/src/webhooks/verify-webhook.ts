import { UserrefError } from '../errors/userref-error.ts';
import type { ResolvedOptions } from '../options/options.ts';
import { readEvent, type WebhookEvent } from './webhook-event.ts';
import { readSignedHeaders, type WebhookRequest } from './webhook-request.ts';
import { isSigned, isSignedByKey } from './webhook-signature.ts';

const TOLERANCE_SECONDS = 300;

/**
 * A strict verifier of Standard Webhooks: headers, timestamp within 300 seconds, signature over the exact
 * raw body, then the event.
 * @throws UserrefError `webhook_headers_missing`, `webhook_timestamp_invalid`, `webhook_signature_invalid`,
 *   `webhook_body_parsed`, `webhook_body_invalid`, or `config_invalid` without a `webhookSecret`
 */
export async function verifyWebhook(
  options: Pick<ResolvedOptions, 'webhookKeys' | 'webhookPublicKeys' | 'now'>,
  request: WebhookRequest,
): Promise<WebhookEvent> {
  if (options.webhookKeys.length + options.webhookPublicKeys.length === 0) {
    const detail = 'webhookSecret or webhookPublicKey is needed to receive webhooks.';
    throw new UserrefError('config_invalid', { detail });
  }
  const body = rawBody(request.body);
  const headers = readSignedHeaders(request.headers);
  if (Math.abs(options.now() - headers.timestamp) > TOLERANCE_SECONDS) {
    throw new UserrefError('webhook_timestamp_invalid');
  }
  const signed =
    (await isSigned(body, headers, options.webhookKeys)) ||
    (await isSignedByKey(body, headers, options.webhookPublicKeys));
  if (!signed) throw new UserrefError('webhook_signature_invalid');
  return readEvent(headers.id, body);
}

function rawBody(body: unknown): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  throw new UserrefError('webhook_body_parsed');
}
