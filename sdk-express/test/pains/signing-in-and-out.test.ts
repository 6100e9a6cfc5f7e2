import { describe, expect, it } from 'vitest';
import { CookieJar } from '../../../sdk-core/test/support/cookie-jar.ts';
import { useShop } from '../support/shop.ts';

const shop = useShop();
const { core } = shop;
const FORM = { 'sec-fetch-site': 'same-origin' };
const PREFETCHES = [
  { 'sec-purpose': 'prefetch' },
  { 'sec-purpose': 'prefetch;prerender' },
  { purpose: 'prefetch' },
  { 'x-moz': 'prefetch' },
  { 'x-purpose': 'preview' },
  { 'next-router-prefetch': '1' },
];

describe('pain 5: the middleware is missing, and nobody says so', () => {
  it('a guard without it says which line is missing', async () => {
    const { default: express } = await import('express');
    const { requireUser } = await import('../../src/index.ts');
    const bare = express();
    bare.get('/account', requireUser(), (_request, response) => void response.send('secret'));
    const { createServer } = await import('node:http');
    const server = createServer(bare).listen(0, '127.0.0.1');
    const { port } = await new Promise<{ port: number }>((done) =>
      server.once('listening', () => done(server.address() as { port: number })),
    );
    const response = await fetch(`http://127.0.0.1:${port}/account`);
    const text = await response.text();
    server.close();
    expect([response.status, text.includes('secret')]).toEqual([500, false]);
    expect(text).toContain('app.use(userref({...})) must come before this route');
  });
});

describe('pain 11: signing out of the site leaves the session at the core', () => {
  it('a sign-out goes by the core and comes back, and says where without being asked', async () => {
    const jar = await shop.signIn();
    const response = await shop.visit('/userref/logout', { method: 'POST', headers: FORM, jar });
    const leaving = new URL(response.headers.get('location') ?? '');
    expect(leaving.href).toMatch(/^https:\/\/id\.example\.eu\/session\/end\?/);
    expect(leaving.searchParams.get('post_logout_redirect_uri')).toBe(`${shop.url}/`);
    expect(leaving.searchParams.get('client_id')).toBe(core.site);
    expect(jar.names).not.toContain('userref_shop-a');
  });

  it('a sign-out at the core, or at another site, ends the session here', async () => {
    const jar = await shop.signIn();
    const body = `logout_token=${await core.logoutToken()}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const told = await shop.visit('/userref/backchannel-logout', { method: 'POST', headers, body });
    expect(told.status).toBe(200);
    expect(await (await shop.visit('/', { jar })).json()).toEqual({ user: null });
  });
});

describe('pain 13: a link that is prefetched signs in or out', () => {
  it.each(PREFETCHES)('nothing happens for %j', async (headers) => {
    core.person.sid = `sid-${JSON.stringify(headers).replace(/\W/g, '')}`;
    const jar = await shop.signIn();
    core.calls.length = 0;
    for (const path of ['/userref/login', '/sign-in-here', '/order']) {
      const ahead = await shop.visit(path, { headers, jar: path === '/order' ? new CookieJar() : jar });
      expect([path, ahead.status, ahead.headers.getSetCookie()]).toEqual([path, 503, []]);
    }
    await shop.visit('/userref/logout', { headers, jar });
    await shop.visit('/userref/logout', { method: 'POST', headers: { ...FORM, ...headers }, jar });
    expect(core.calls).toEqual([]);
    expect(await (await shop.visit('/', { jar })).json()).toMatchObject({ user: { sid: core.person.sid } });
  });

  it('there is no sign-out by GET at all, so no link can do it', async () => {
    const jar = await shop.signIn();
    expect((await shop.visit('/userref/logout', { jar })).status).toBe(405);
    expect(await (await shop.visit('/', { jar })).json()).not.toEqual({ user: null });
  });
});
