import { UserrefError } from '@userref/sdk-core';
import type { Endpoint } from './endpoint.ts';
import { event, list, object, text } from './schema.ts';

interface WebhookBody {
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body_base64: string;
}

export const verifyWebhook: Endpoint<WebhookBody> = {
  method: 'POST',
  path: '/v1/webhook/verify',
  operationId: 'verifyWebhook',
  summary: 'Verifies a webhook for a PHP that cannot; the client does it by itself. Applies nothing.',
  body: object({
    headers: {
      type: 'object',
      description: 'The headers of the request, in any case.',
      maxProperties: 100,
      additionalProperties: { type: ['string', 'array'], items: { type: 'string' } },
    },
    body_base64: text('The exact bytes of the body.', { maxLength: 131_072 }),
  }),
  answer: object({ event }),
  errors: [
    'webhook_headers_missing',
    'webhook_timestamp_invalid',
    'webhook_signature_invalid',
    'webhook_body_invalid',
    'config_invalid',
  ],
  async handle({ body, parts: { userref } }) {
    const pairs = Object.entries(body.headers).map(([name, value]) => [name.toLowerCase(), onlyOne(value)]);
    const bytes = new Uint8Array(Buffer.from(body.body_base64, 'base64'));
    return { event: await userref.verifyWebhook({ headers: Object.fromEntries(pairs), body: bytes }) };
  },
};

function onlyOne(value: string | readonly string[]): string | undefined {
  return typeof value === 'string' ? value : value.length === 1 ? value[0] : undefined;
}

export const confirmPurge: Endpoint<{ readonly event_id: string }> = {
  method: 'POST',
  path: '/v1/webhook/confirm-purge',
  operationId: 'confirmPurge',
  summary: 'Tells the core that the data of an event is purged, for work that takes longer than a webhook.',
  body: object({ event_id: text('webhook-id of the event.', { pattern: '^evt_[a-z2-7]{26}$' }) }),
  answer: object({ confirmed: { type: 'boolean' } }),
  errors: ['not_found', 'config_invalid', 'network_failed'],
  async handle({ body, parts: { userref } }) {
    await userref.confirmPurge(body.event_id);
    return { confirmed: true };
  },
};

export const revocations: Endpoint<never, { readonly since?: string }> = {
  method: 'GET',
  path: '/v1/revocations',
  operationId: 'revocations',
  summary:
    'Revocations since a cursor, for webhooks that did not arrive. They may come more than once, and next may lie before since.',
  query: object({}, { since: text('next of the answer before. Default 0.', { pattern: '^\\d{1,18}$' }) }),
  answer: object({ events: list(event, 1_000_000), next: text('Ask with it the next time.') }),
  errors: ['service_unavailable'],
  async handle({ query, parts: { feed } }) {
    const page = await feed.after(query.since ?? '0');
    if (page !== null) return page;
    throw new UserrefError('service_unavailable', {
      detail: 'The bridge has not caught up with the core yet.',
    });
  },
};
