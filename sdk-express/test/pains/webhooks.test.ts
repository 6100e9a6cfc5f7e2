import express from 'express';
import { describe, expect, it } from 'vitest';
import { useShop } from '../support/shop.ts';

const shop = useShop();
const { core } = shop;

async function deliver(type: 'access.revoked' | 'endpoint.test') {
  const sent = await core.webhook({ type, data: { user_ref: core.person.userRef, reason: 'user' } });
  return shop.visit('/userref/webhook', { method: 'POST', headers: { ...sent.headers }, body: sent.body });
}

describe('pain 20: the body was parsed before its signature was looked at', () => {
  it('cannot happen where the middleware stands first: it reads the bytes itself', async () => {
    shop.open({}, (app) => {
      app.use(express.json());
      app.post('/orders', (request, response) => void response.json(request.body));
    });
    expect((await deliver('access.revoked')).status).toBe(204);
    const headers = { 'content-type': 'application/json' };
    const own = await shop.visit('/orders', { method: 'POST', headers, body: '{"item": 1}' });
    expect(await own.json()).toEqual({ item: 1 });
  });

  it('is said in so many words where a parser stands before it, and no event is lost', async () => {
    const { userref } = await import('../../src/index.ts');
    const { optionsFor } = await import('../../../sdk-core/test/support/site.ts');
    const refuse = async (parser: express.RequestHandler) => {
      shop.open({ paths: { webhook: '/elsewhere' } }, (app) => {
        app.use(parser);
        app.use(userref({ ...optionsFor(core, shop.clock), baseUrl: shop.url }));
      });
      const response = await deliver('endpoint.test');
      return [response.status, await response.text()];
    };
    for (const parser of [express.json(), express.text({ type: '*/*' })]) {
      // Not a 2xx, so the core delivers again once the order is put right.
      expect(await refuse(parser)).toEqual([500, expect.stringContaining('webhook_body_parsed')]);
    }
  });

  it('does not happen after express.raw(), which keeps the bytes', async () => {
    const { userref } = await import('../../src/index.ts');
    const { optionsFor } = await import('../../../sdk-core/test/support/site.ts');
    shop.open({ paths: { webhook: '/elsewhere' } }, (app) => {
      app.use(express.raw({ type: '*/*' }));
      app.use(userref({ ...optionsFor(core, shop.clock), baseUrl: shop.url }));
    });
    expect((await deliver('endpoint.test')).status).toBe(204);
  });
});
