import { UserrefError } from '../errors/userref-error.ts';
import type { Services } from '../services.ts';
import { requestAsSite } from './site-request.ts';
import { signMessage } from './webhook-signature.ts';

const EVENT_ID = /^evt_[a-z2-7]{26}$/;

/**
 * Acknowledges an event with `{"status":"purged"}`, signed as the core signs events, with the webhook secret.
 * May be repeated.
 * @throws UserrefError `config_invalid` without a secret, `not_found` for an event that is not this site's,
 *   `network_failed`
 */
export async function confirmPurge(services: Services, eventId: string): Promise<void> {
  const [secret] = services.options.webhookKeys;
  if (secret === undefined) {
    throw new UserrefError('config_invalid', { detail: 'webhookSecret is needed to acknowledge events.' });
  }
  if (!EVENT_ID.test(eventId)) throw new UserrefError('not_found');
  const body = new TextEncoder().encode('{"status":"purged"}');
  const timestamp = services.options.now();
  await requestAsSite(services, `/v1/events/${eventId}/ack`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': eventId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': await signMessage({ id: eventId, timestamp, body }, secret),
    },
  });
}
