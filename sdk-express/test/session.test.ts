import { SID, USER_REF } from '@userref/sdk-core/testing';
import { describe, expect, it } from 'vitest';
import { memorySessionStore, userref } from '../src/index.ts';
import { useShop } from './support/shop.ts';

const shop = useShop();
const { core, clock } = shop;

describe('a session', () => {
  it('whose cookie was changed is none, and the cookie is cleared', async () => {
    const jar = await shop.signIn();
    const sealed = jar.get('userref_shop-a');
    const other = sealed.at(-5) === 'A' ? 'B' : 'A';
    jar.set('userref_shop-a', sealed.slice(0, -5) + other + sealed.slice(-4));
    expect(await (await shop.visit('/', { jar })).json()).toEqual({ user: null });
    expect(jar.names).not.toContain('userref_shop-a');
  });

  it('that has ended sends a page to sign in again', async () => {
    const jar = await shop.signIn();
    clock.seconds += 28_800;
    expect((await shop.visit('/account', { jar })).status).toBe(303);
  });

  it('cannot be looked up while the store is away: an error, not a visitor', async () => {
    const jar = await shop.signIn();
    shop.open({
      revocations: { ...memorySessionStore(), isRevoked: () => Promise.reject(new Error('store away')) },
    });
    const response = await shop.visit('/', { jar, headers: { accept: 'application/json' } });
    expect([response.status, await response.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'service_unavailable' }),
    ]);
    expect((await shop.visit('/')).status).toBe(200);
  });

  it('needs the middleware: guards say so when it is missing', async () => {
    const { default: express } = await import('express');
    const { requireUser } = await import('../src/index.ts');
    shop.open({}, (app) => {
      app.use('/sub', express());
      app.get('/bare', (request, response, next) => {
        requireUser()({ method: request.method } as typeof request, response, (error) =>
          response.json({ code: error.code }),
        );
        void next;
      });
    });
    expect(await (await shop.visit('/bare')).json()).toEqual({ code: 'config_invalid' });
  });

  it('needs good options: the app does not start with bad ones', () => {
    expect(() => userref({ issuer: 'x' } as never)).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
    expect(() => userref({ onRevoked: 'x' } as never)).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });
});

describe('signing out', () => {
  const SAME_SITE = { 'sec-fetch-site': 'same-origin' };

  it('clears the session here and goes by the core', async () => {
    const jar = await shop.signIn();
    const copy = jar.get('userref_shop-a');
    const response = await shop.visit('/userref/logout', { method: 'POST', headers: SAME_SITE, jar });
    expect(response.status).toBe(303);
    expect(new URL(response.headers.get('location') ?? '').href).toContain(
      '/session/end?post_logout_redirect_uri=',
    );
    expect(await (await shop.visit('/', { jar: jar.set('userref_shop-a', copy) })).json()).toEqual({
      user: null,
    });
  });

  it('gives a script the address to go to', async () => {
    const headers = { ...SAME_SITE, accept: 'application/json', 'sec-fetch-mode': 'cors' };
    const jar = await shop.signIn();
    const response = await shop.visit('/userref/logout', { method: 'POST', headers, jar });
    expect(await response.json()).toEqual({ logout_url: expect.stringContaining('/session/end') });
  });

  it('can be done by a page of one’s own', async () => {
    const jar = await shop.signIn();
    expect((await shop.visit('/leave', { method: 'POST', jar })).status).toBe(303);
    expect(jar.names).not.toContain('userref_shop-a');
  });

  it.each([
    ['no sign of where it comes from', {}],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling host', { 'sec-fetch-site': 'same-site' }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin', { origin: 'null' }],
    ['another port', { origin: 'http://localhost:1' }],
    ['contradicting headers', { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }],
  ])('is refused with %s', async (_, headers) => {
    const jar = await shop.signIn();
    const response = await shop.visit('/userref/logout', { method: 'POST', headers, jar });
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('csrf_rejected')]);
    expect(await (await shop.visit('/', { jar })).json()).toMatchObject({ user: { userRef: USER_REF } });
  });

  it('is accepted from an older browser by its Origin, and from a page without referrer', async () => {
    for (const headers of [{ origin: shop.url }, { ...SAME_SITE, origin: 'null' }]) {
      const jar = await shop.signIn();
      expect((await shop.visit('/userref/logout', { method: 'POST', headers, jar })).status).toBe(303);
    }
  });

  it('is never done by GET or by a prefetch', async () => {
    const jar = await shop.signIn();
    const get = await shop.visit('/userref/logout', { jar });
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    const headers = { ...SAME_SITE, 'sec-purpose': 'prefetch' };
    expect((await shop.visit('/userref/logout', { method: 'POST', headers, jar })).status).toBe(503);
    expect(await (await shop.visit('/', { jar })).json()).toMatchObject({ user: { sid: SID } });
  });

  it.each([
    ['POST', '/userref/login', 'GET'],
    ['POST', '/userref/callback', 'GET'],
    ['GET', '/userref/webhook', 'POST'],
    ['HEAD', '/userref/login', 'GET'],
  ])('%s %s is 405', async (method, path, allow) => {
    const response = await shop.visit(path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    expect(core.calls).toHaveLength(0);
  });
});
