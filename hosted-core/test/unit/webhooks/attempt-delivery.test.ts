import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { attemptDelivery } from '../../../src/core/webhooks/attempt-delivery.ts';
import { composeRequest } from '../../../src/core/webhooks/compose-request.ts';
import type { DeliveryMaterial } from '../../../src/core/webhooks/delivery-repository.ts';
import { newEndpointKey } from '../../../src/core/webhooks/endpoint-keys.ts';
import { sealSecret } from '../../../src/core/webhooks/endpoint-secret.ts';
import type { LogoutTokens } from '../../../src/core/webhooks/logout-token.ts';
import { newWebhookSecret } from '../../../src/core/webhooks/standard-webhooks-signature.ts';
import {
  OutboundError,
  type OutboundFetch,
  type OutboundInit,
} from '../../../src/outbound/outbound-fetch.ts';
import { SecretBox } from '../../../src/secrets/secret-box.ts';

const startedAt = new Date();
const secretBox = new SecretBox(randomBytes(32));
const secret = newWebhookSecret();
const endpointId = 'f3b1c2d4-0000-4000-8000-000000000000';
const key = newEndpointKey(secretBox, endpointId);
const material: DeliveryMaterial = {
  eventId: 'evt_abcdefghijklmnopqrstuvwxyz',
  type: 'endpoint.test',
  siteId: 'shop-a',
  kind: 'events',
  idTokenAlg: 'ES256',
  endpointId,
  url: 'https://shop.example/hook',
  body: Buffer.from('{"type":"endpoint.test"}'),
  sealedSecrets: [sealSecret(secretBox, { endpointId, secret })],
  sealedSigningKeys: [key.sealed],
  attempt: 1,
  elapsedMs: 0,
};
const compose = () => composeRequest(material, startedAt, { secretBox, logoutTokens: {} as LogoutTokens });
const sending = await compose();

const answering = (status: number, headers: Record<string, string> = {}): OutboundFetch => {
  return async () => new Response(status === 204 ? null : 'an answer', { status, headers });
};

describe('an attempt', () => {
  it.each([200, 201, 202, 204, 299])('that gets %i is delivered', async (status) => {
    const outcome = await attemptDelivery(sending, { fetch: answering(status), startedAt });
    expect(outcome).toMatchObject({ kind: 'delivered', status, failure: null });
  });

  it.each([301, 302, 303, 307, 308, 400, 401, 404, 500, 502, 503])(
    'that gets %i has failed',
    async (status) => {
      const outcome = await attemptDelivery(sending, {
        fetch: answering(status, { location: 'https://x.example/' }),
        startedAt,
      });
      expect(outcome).toMatchObject({ kind: 'failed', status, retryAfterMs: undefined });
    },
  );

  it('that gets 410 is told that the receiver is gone', async () => {
    expect(await attemptDelivery(sending, { fetch: answering(410), startedAt })).toMatchObject({
      kind: 'gone',
      status: 410,
    });
  });

  it.each([
    [429, 7_000],
    [503, 7_000],
    [500, undefined],
  ])('that gets %i with Retry-After: 7 waits at least %j ms', async (status, retryAfterMs) => {
    const outcome = await attemptDelivery(sending, {
      fetch: answering(status, { 'retry-after': '7' }),
      startedAt,
    });
    expect(outcome).toMatchObject({ kind: 'failed', retryAfterMs });
  });

  it('that does not get through keeps the reason only', async () => {
    const fetch: OutboundFetch = async () => {
      throw new OutboundError('timeout');
    };
    expect(await attemptDelivery(sending, { fetch, startedAt })).toMatchObject({
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
    await attemptDelivery(sending, { fetch, startedAt });
    const headers = seen?.init.headers as Record<string, string>;
    expect(Buffer.from(seen?.init.body as Uint8Array).equals(material.body)).toBe(true);
    expect(Object.keys(headers).sort()).toEqual([
      'content-type',
      'user-agent',
      'webhook-id',
      'webhook-signature',
      'webhook-timestamp',
    ]);
    expect(headers['webhook-timestamp']).toMatch(/^\d{10}$/);
    new Webhook(secret).verify(material.body.toString(), headers);
  });

  it('carries a v1a signature that the endpoint’s public key verifies', () => {
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures } = sending.headers;
    const signature = signatures?.split(' ').find((one) => one.startsWith('v1a,'));
    const x = Buffer.from(key.publicKey.slice('whpk_'.length), 'base64').toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const signed = Buffer.concat([Buffer.from(`${id}.${time}.`), material.body]);
    const bytes = Buffer.from(signature?.slice(4) ?? '', 'base64');
    expect(verify(null, signed, publicKey, bytes)).toBe(true);
    expect(verify(null, Buffer.concat([signed, Buffer.from('x')]), publicKey, bytes)).toBe(false);
  });

  it.each([
    ['{"status":"purged"}', true],
    [' { "status" : "purged", "more": 1 } ', true],
    ['{"status":"received"}', false],
    ['"purged"', false],
    ['null', false],
    ['{"status":"purged"', false],
    ['', false],
  ])('whose answer is %s: purged %s', async (answer, isPurged) => {
    const fetch: OutboundFetch = async () => new Response(answer, { status: 200 });
    expect(await attemptDelivery(sending, { fetch, startedAt })).toMatchObject({
      kind: 'delivered',
      isPurged,
    });
  });
});
