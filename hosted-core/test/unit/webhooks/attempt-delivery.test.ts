import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { attemptDelivery } from '../../../src/core/webhooks/attempt-delivery.ts';
import { newWebhookSecret } from '../../../src/core/webhooks/standard-webhooks-signature.ts';
import {
  OutboundError,
  type OutboundFetch,
  type OutboundInit,
} from '../../../src/outbound/outbound-fetch.ts';

const now = () => new Date();
const sending = {
  eventId: 'evt_abcdefghijklmnopqrstuvwxyz',
  url: 'https://shop.example/hook',
  body: Buffer.from('{"type":"endpoint.test"}'),
  secrets: [newWebhookSecret()],
};

const answering = (status: number, headers: Record<string, string> = {}): OutboundFetch => {
  return async () => new Response(status === 204 ? null : 'an answer', { status, headers });
};

describe('an attempt', () => {
  it.each([200, 201, 202, 204, 299])('that gets %i is delivered', async (status) => {
    const outcome = await attemptDelivery(sending, { fetch: answering(status), now });
    expect(outcome).toMatchObject({ kind: 'delivered', status, failure: null });
  });

  it.each([301, 302, 303, 307, 308, 400, 401, 404, 500, 502, 503])(
    'that gets %i has failed',
    async (status) => {
      const outcome = await attemptDelivery(sending, {
        fetch: answering(status, { location: 'https://x.example/' }),
        now,
      });
      expect(outcome).toMatchObject({ kind: 'failed', status, retryAfterMs: undefined });
    },
  );

  it('that gets 410 is told that the receiver is gone', async () => {
    expect(await attemptDelivery(sending, { fetch: answering(410), now })).toMatchObject({
      kind: 'gone',
      status: 410,
    });
  });

  it.each([
    [429, 7_000],
    [503, 7_000],
    [500, undefined],
  ])('that gets %i with Retry-After: 7 waits at least %j ms', async (status, retryAfterMs) => {
    const outcome = await attemptDelivery(sending, { fetch: answering(status, { 'retry-after': '7' }), now });
    expect(outcome).toMatchObject({ kind: 'failed', retryAfterMs });
  });

  it('that does not get through keeps the reason only', async () => {
    const fetch: OutboundFetch = async () => {
      throw new OutboundError('timeout');
    };
    expect(await attemptDelivery(sending, { fetch, now })).toMatchObject({
      kind: 'failed',
      status: null,
      failure: 'timeout',
    });
  });

  it('sends the exact body, signed with its own time, and nothing that names the person outside the body', async () => {
    let seen: { url: string; init: OutboundInit } | undefined;
    const fetch: OutboundFetch = async (url, init) => {
      seen = { url: String(url), init: init ?? {} };
      return new Response(null, { status: 204 });
    };
    await attemptDelivery(sending, { fetch, now });
    const headers = seen?.init.headers as Record<string, string>;
    expect(Buffer.from(seen?.init.body as Uint8Array).equals(sending.body)).toBe(true);
    expect(Object.keys(headers).sort()).toEqual([
      'content-type',
      'user-agent',
      'webhook-id',
      'webhook-signature',
      'webhook-timestamp',
    ]);
    expect(headers['webhook-timestamp']).toMatch(/^\d{10}$/);
    new Webhook(sending.secrets[0] as string).verify(sending.body.toString(), headers);
  });
});
