import { USER_REF } from '@userref/sdk-core/testing';
import { describe, expect, it } from 'vitest';
import { CookieJar } from '../../sdk-core/test/support/cookie-jar.ts';
import { requireUser } from '../src/index.ts';
import { useShop } from './support/shop.ts';

const shop = useShop();
const { core, clock } = shop;
const API = { accept: 'application/json' };

async function begun(path = '/account', jar = new CookieJar()) {
  const started = await shop.visit(path, { jar });
  return { jar, started, back: core.signIn(started.headers.get('location') ?? '') };
}

describe('signing in', () => {
  it('goes to the core and comes back to the page that was asked for', async () => {
    const { jar, started, back } = await begun('/account?tab=orders');
    expect(started.status).toBe(303);
    expect(started.headers.get('cache-control')).toBe('no-store');
    expect(back.href.startsWith(`${shop.url}/userref/callback?`)).toBe(true);
    const finished = await shop.visit(back.pathname + back.search, { jar });
    expect(finished.headers.get('location')).toBe('/account?tab=orders');
    expect(await (await shop.visit('/account', { jar })).json()).toEqual({ userRef: USER_REF });
    expect(jar.names).toEqual(['userref_shop-a-hops', 'userref_shop-a']);
  });

  it('tells a page who is there, and nothing personal', async () => {
    expect(await (await shop.visit('/')).json()).toEqual({ user: null });
    const jar = await shop.signIn();
    const { user } = (await (await shop.visit('/', { jar })).json()) as { user: object };
    expect(Object.keys(user).sort()).toEqual(['assuranceLevel', 'authTime', 'consents', 'sid', 'userRef']);
  });

  it('ignores what Host and X-Forwarded headers say', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    await shop.visit('/account', { headers });
    expect(core.callsTo('par')[0]?.body.get('redirect_uri')).toBe(`${shop.url}/userref/callback`);
  });

  it('comes back to the start page from an address that is not safe to come back to', async () => {
    shop.open({}, (app) => void app.use(requireUser()));
    for (const path of ['//evil.example/account', `/account?${'a'.repeat(3000)}`]) {
      const { jar, back } = await begun(path);
      const finished = await shop.visit(back.pathname + back.search, { jar });
      expect(finished.headers.get('location')).toBe('/');
    }
  });

  it('can be started by a page of one’s own', async () => {
    const { jar, back } = await begun('/sign-in-here');
    const finished = await shop.visit(back.pathname + back.search, { jar });
    expect(finished.headers.get('location')).toBe('/account');
  });

  it('works where the middleware is mounted below a path', async () => {
    const { default: express } = await import('express');
    const { userref } = await import('../src/index.ts');
    const { optionsFor } = await import('../../sdk-core/test/support/site.ts');
    shop.open({}, (app) => {
      const below = express.Router();
      below.use(userref({ ...optionsFor(core, clock), baseUrl: shop.url, paths: { login: '/shop/login' } }));
      app.use('/shop', below);
    });
    expect((await shop.visit('/shop/login')).status).toBe(303);
  });

  it('gives a script 401 with a problem instead of a redirect', async () => {
    for (const headers of [API, { accept: '*/*' }, { 'sec-fetch-mode': 'cors' }]) {
      const response = await shop.visit('/account', { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(await response.json()).toMatchObject({ code: 'not_signed_in', status: 401, retryable: false });
    }
    expect(core.calls).toHaveLength(0);
  });

  it.each([
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'x-moz': 'prefetch' },
  ])('is not started by a prefetch: %j', async (headers) => {
    for (const path of ['/account', '/order', '/userref/login', '/sign-in-here']) {
      const response = await shop.visit(path, { headers });
      expect([path, response.status, response.headers.getSetCookie()]).toEqual([path, 503, []]);
    }
    expect(core.calls).toHaveLength(0);
  });

  it('is started by a link with a way back, for attributes too', async () => {
    await shop.visit('/userref/login?return_to=/order&attributes=address:shipping&purpose=order_delivery');
    expect(Object.fromEntries(core.callsTo('par')[0]?.body ?? [])).toMatchObject({
      scope: 'openid address:shipping',
      purpose: 'order_delivery',
    });
  });

  it.each(['return_to=//evil.example', 'return_to=https://evil.example', 'iss=https://evil.example'])(
    'is refused for a link with %s',
    async (query) => {
      const response = await shop.visit(`/userref/login?${query}`);
      expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    },
  );

  it('is stopped when it goes in circles, and the page says why', async () => {
    const jar = new CookieJar();
    for (let count = 0; count < 5; count += 1) {
      const { back } = await begun('/account', jar);
      await shop.visit(back.pathname + back.search, { jar });
      jar.set('userref_shop-a', 'a cookie that got lost');
    }
    const response = await shop.visit('/account', { jar });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('login_loop');
  });
});

describe('coming back from the core', () => {
  it('twice is no error for one who is signed in', async () => {
    const { jar, back } = await begun();
    await shop.visit(back.pathname + back.search, { jar });
    const again = await shop.visit(back.pathname + back.search, { jar });
    expect([again.status, again.headers.get('location')]).toEqual([303, '/']);
    expect(core.callsTo('token')).toHaveLength(1);
  });

  it('in another browser signs nobody in', async () => {
    const { back } = await begun();
    const jar = new CookieJar();
    const response = await shop.visit(back.pathname + back.search, { jar });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('login_state_missing');
    expect(jar.names).toEqual([]);
  });

  it('with the state of another browser signs nobody in', async () => {
    const attacker = await begun();
    const victim = await begun();
    const response = await shop.visit(attacker.back.pathname + attacker.back.search, { jar: victim.jar });
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('login_state_mismatch'),
    ]);
  });

  it('after more than an hour starts again, with the same way back', async () => {
    const { jar, back } = await begun('/account?tab=orders');
    clock.seconds += 3601;
    const response = await shop.visit(back.pathname + back.search, { jar });
    expect(response.status).toBe(303);
    const again = core.signIn(response.headers.get('location') ?? '');
    const finished = await shop.visit(again.pathname + again.search, { jar });
    expect(finished.headers.get('location')).toBe('/account?tab=orders');
  });

  it('of another issuer never sends the code', async () => {
    const { jar, back } = await begun();
    back.searchParams.set('iss', 'https://evil.example');
    const response = await shop.visit(back.pathname + back.search, { jar });
    expect([response.status, core.callsTo('token').length]).toEqual([400, 0]);
  });

  it('with a forged passport is refused with its reason', async () => {
    core.bends.signWith = 'es256Stranger';
    const { jar, back } = await begun();
    const response = await shop.visit(back.pathname + back.search, { jar });
    expect([response.status, await response.text()]).toEqual([
      502,
      expect.stringContaining('passport_signature_invalid'),
    ]);
    expect(jar.names).toEqual(['userref_shop-a-hops']);
  });

  it('after a "no" shows a page with the way back', async () => {
    const { jar, back } = await begun('/account?tab=orders');
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    const response = await shop.visit(back.pathname + back.search, { jar });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('href="/userref/login?return_to=%2Faccount%3Ftab%3Dorders"');
  });
});

describe('an error page', () => {
  it('allows nothing from elsewhere, names code and fix, and escapes what it shows', async () => {
    const response = await shop.visit('/userref/callback?state=%3Cscript%3E&error=%3Cscript%3E');
    const page = await response.text();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(page).toContain('<h1>The sign-in was not finished</h1>');
    expect(page).toContain('https://userref.dev/errors/login_state_missing');
    expect(page).not.toContain('<script>');
  });

  it('shows no secret when the core refuses the site', async () => {
    shop.open({ siteSecret: 'a-wrong-secret' });
    const response = await shop.visit('/account');
    const page = await response.text();
    expect([response.status, page.includes('invalid_client'), page.includes('a-wrong-secret')]).toEqual([
      502,
      true,
      false,
    ]);
  });

  it('is 503 while the core is away', async () => {
    core.bends.replies.discovery = () => Response.error();
    const response = await shop.visit('/account');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('is not made for errors that are not of the SDK', async () => {
    const response = await shop.visit('/broken');
    expect([response.status, (await response.text()).includes('userref.dev')]).toEqual([500, false]);
  });
});
