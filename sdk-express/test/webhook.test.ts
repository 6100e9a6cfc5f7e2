import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { SID, USER_REF } from '@userref/sdk-core/testing';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { optionsFor, WEBHOOK_SECRET } from '../../sdk-core/test/support/site.ts';
import { memorySessionStore, userref } from '../src/index.ts';
import { useShop } from './support/shop.ts';

const shop = useShop();
const { core, clock } = shop;

function eventBody(type = 'access.revoked', data: object = { reason: 'consent_withdrawn' }): string {
  const event = { type, timestamp: clock.clock().toISOString(), data: { user_ref: USER_REF, ...data } };
  return JSON.stringify(event, null, 1);
}

function deliver(body: string, { id = 'evt_1', secret = WEBHOOK_SECRET, sent = body, headers = {} } = {}) {
  const timestamp = String(clock.seconds);
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return shop.visit('/userref/webhook', {
    method: 'POST',
    body: sent,
    headers: {
      accept: '*/*',
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
      ...headers,
    },
  });
}

const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

describe('the webhook address', () => {
  it('ends the sessions of the user, and tells the shop once', async () => {
    const jar = await shop.signIn();
    expect((await deliver(eventBody())).status).toBe(204);
    expect(await (await shop.visit('/', { jar })).json()).toEqual({ user: null });
    expect(shop.revoked).toEqual([
      { type: 'access.revoked', userRef: USER_REF, sid: null, reason: 'consent_withdrawn' },
    ]);
    expect((await deliver(eventBody())).status).toBe(204);
    expect(shop.revoked).toHaveLength(1);
  });

  it('confirms a purge in its answer when the shop has purged, and not when it has not', async () => {
    const asked: unknown[] = [];
    let answer: 'purged' | undefined = 'purged';
    shop.open({
      onPurge: (event) => {
        asked.push(event);
        return answer;
      },
    });
    const withdrawn = eventBody('consent.withdrawn', {
      consent_id: 'con_1',
      attributes: ['contact:email'],
      purpose: 'order_delivery',
    });
    const response = await deliver(withdrawn, { id: 'evt_p1' });
    expect([response.status, await response.json()]).toEqual([200, { status: 'purged' }]);
    expect(asked).toEqual([
      { id: 'evt_p1', type: 'consent.withdrawn', userRef: USER_REF, attributes: ['contact:email'] },
    ]);
    answer = undefined;
    expect((await deliver(withdrawn, { id: 'evt_p2' })).status).toBe(204);
    expect((await deliver(eventBody(), { id: 'evt_p3' })).status).toBe(204);
    expect(asked).toHaveLength(2);
  });

  it('ends one session', async () => {
    const jar = await shop.signIn();
    await deliver(eventBody('session.revoked', { sid: SID, reason: 'signed_out' }));
    expect(await (await shop.visit('/', { jar })).json()).toEqual({ user: null });
    expect(shop.revoked).toEqual([
      { type: 'session.revoked', userRef: USER_REF, sid: SID, reason: 'signed_out' },
    ]);
  });

  it.each(['endpoint.test', 'something.new'])('accepts %s and does nothing', async (type) => {
    const jar = await shop.signIn();
    expect((await deliver(eventBody(type, {}))).status).toBe(204);
    expect(await (await shop.visit('/', { jar })).json()).toMatchObject({ user: { userRef: USER_REF } });
    expect(shop.revoked).toEqual([]);
  });

  it.each([
    [
      'a false signature',
      { secret: `whsec_${btoa('fedcba9876543210fedcba9876543210')}` },
      401,
      'webhook_signature_invalid',
    ],
    ['another body', { sent: '{}' }, 401, 'webhook_signature_invalid'],
    [
      'an old timestamp',
      { headers: { 'webhook-timestamp': '1000000000' } },
      401,
      'webhook_timestamp_invalid',
    ],
    ['a bad id', { id: 'evt.1' }, 400, 'webhook_headers_missing'],
    ['too much', { sent: 'x'.repeat(70_000) }, 413, 'payload_too_large'],
  ])('refuses %s and ends nothing', async (_, change, status, code) => {
    const jar = await shop.signIn();
    const response = await deliver(eventBody(), change);
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
    expect(await (await shop.visit('/', { jar })).json()).toMatchObject({ user: { userRef: USER_REF } });
  });

  it('refuses a stream that never says how long it is, once it is too long', async () => {
    const body = Array.from({ length: 6 }, () => 'x'.repeat(16_384));
    const response = await shop.visit('/userref/webhook', {
      method: 'POST',
      body,
      headers: { accept: '*/*' },
    });
    expect(response.status).toBe(413);
  });

  it('asks for another delivery when the store is away', async () => {
    const store = memorySessionStore({ clock: clock.clock });
    shop.open({ revocations: { ...store, revokeUser: () => Promise.reject(new Error('store away')) } });
    const response = await deliver(eventBody());
    expect([response.status, await codeOf(response)]).toEqual([503, 'service_unavailable']);
    shop.open({ revocations: store });
    expect((await deliver(eventBody())).status).toBe(204);
    expect(shop.revoked).toHaveLength(1);
  });

  it('has ended the sessions even when the shop’s own code fails', async () => {
    shop.open({
      onRevoked: () => {
        throw new Error('of the shop');
      },
    });
    const jar = await shop.signIn();
    expect((await deliver(eventBody())).status).toBe(500);
    expect((await deliver(eventBody())).status).toBe(204);
    expect(await (await shop.visit('/', { jar })).json()).toEqual({ user: null });
  });

  describe('after a body parser', () => {
    const listen = async (parser: express.RequestHandler) => {
      const app = express();
      app.use(parser);
      app.use(userref({ ...optionsFor(core, clock), baseUrl: shop.url }));
      const server = app.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      return { server, url: `http://127.0.0.1:${port}/userref/webhook` };
    };

    async function deliverTo(parser: express.RequestHandler): Promise<[number, string]> {
      const { server, url } = await listen(parser);
      const body = eventBody();
      const timestamp = String(clock.seconds);
      const key = Buffer.from(WEBHOOK_SECRET.slice('whsec_'.length), 'base64');
      const signature = createHmac('sha256', key).update(`evt_9.${timestamp}.${body}`).digest('base64');
      const headers = {
        'content-type': 'application/json',
        'webhook-id': 'evt_9',
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      };
      const response = await fetch(url, { method: 'POST', body, headers });
      const result: [number, string] = [response.status, await response.text()];
      await new Promise((resolve) => server.close(resolve));
      return result;
    }

    it.each([
      ['express.json()', express.json()],
      ['express.text()', express.text({ type: '*/*' })],
    ])('%s the bytes are gone, and the error says what to do', async (_, parser) => {
      const [status, text] = await deliverTo(parser);
      expect(status).toBe(500);
      expect(JSON.parse(text)).toMatchObject({
        code: 'webhook_body_parsed',
        fix: 'Mount `userref()` before body parsers such as `express.json()`; on the Pages Router of Next.js set `bodyParser: false`.',
      });
    });

    it.each([
      ['express.raw()', express.raw({ type: '*/*' })],
      ['a parser of other types', express.urlencoded({ extended: false })],
    ])('%s the bytes are still there', async (_, parser) => {
      expect(await deliverTo(parser)).toEqual([204, '']);
    });
  });
});
