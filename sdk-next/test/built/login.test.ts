import { describe, expect, inject, it } from 'vitest';
import { CookieJar } from '../../../sdk-core/test/support/cookie-jar.ts';
import { hostileReturnTo } from '../../../sdk-core/test/support/hostile-return-to.ts';
import { ROUTER_FETCH, useShop } from '../support/shop-under-test.ts';

const texts = hostileReturnTo.filter((one) => typeof one === 'string' && one.length > 0) as string[];

describe.each(inject('builtShops').map((shop) => [shop.major, shop] as const))(
  'signing in on Next %s',
  (_, built) => {
    const under = useShop(built);

    async function begun(path = '/userref/login?return_to=/orders', jar = new CookieJar()) {
      const started = await under.visit(path, { jar });
      return { jar, started, back: under.core.signIn(started.headers.get('location') ?? '') };
    }
    const callback = (back: URL, jar: CookieJar) => under.visit(back.pathname + back.search, { jar });
    const userOf = async (jar: CookieJar) =>
      (await (await under.visit('/userref/session', { jar })).json()).user;

    it('comes from a protected page and back to it, with its query', async () => {
      const jar = new CookieJar();
      const refused = await under.visit('/orders?tab=open', { jar });
      expect([refused.status, jar.names]).toEqual([303, []]);
      expect(under.core.calls).toEqual([]);
      const login = new URL(refused.headers.get('location') ?? '', under.shop.url);
      expect(login.origin).toBe(under.shop.url);
      const { back } = await begun(login.pathname + login.search, jar);
      const finished = await callback(back, jar);
      expect([finished.status, finished.headers.get('location')]).toEqual([303, '/orders?tab=open']);
      expect((await under.visit('/orders', { jar })).status).toBe(200);
    });

    it('comes from a page that no proxy protects', async () => {
      const response = await under.visit('/probe/required');
      expect(response.status).toBe(307);
      const login = new URL(response.headers.get('location') ?? '', under.shop.url);
      expect([login.origin, login.pathname]).toEqual([under.shop.url, '/userref/login']);
      expect(Object.fromEntries(login.searchParams)).toEqual({
        attributes: 'address:shipping,contact:email',
        purpose: 'order_delivery',
        return_to: '/probe/required',
        started_by: 'page',
      });
    });

    it('tells the browser who is there, and no token or session id', async () => {
      expect(await userOf(new CookieJar())).toBeNull();
      const user = await userOf(await under.signIn());
      expect(Object.keys(user).sort()).toEqual(['assuranceLevel', 'authTime', 'consents', 'userRef']);
    });

    it('ignores Host, X-Forwarded-Host and X-Forwarded-Proto', async () => {
      const headers = {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
      };
      for (const path of ['/orders', '/probe/required']) {
        const response = await under.visit(path, { headers });
        const to = new URL(response.headers.get('location') ?? '', under.shop.url);
        expect([path, to.origin]).toEqual([path, under.shop.url]);
        await under.visit(to.pathname + to.search, { headers });
        const { body } = under.core.callsTo('par').at(-1) ?? {};
        expect(body?.get('redirect_uri')).toBe(`${under.shop.url}/userref/callback`);
      }
    });

    it(`refuses each of ${texts.length} hostile return addresses`, async () => {
      for (const payload of texts) {
        const path = `/userref/login?${new URLSearchParams({ return_to: payload })}`;
        const { status, headers } = await under.visit(path);
        expect([payload, status, headers.get('location')]).toEqual([payload, 400, null]);
      }
      expect(under.core.callsTo('par')).toEqual([]);
    });

    it('takes a hostile page address for no place to come back to', async () => {
      const response = await under.visit('/probe/required', {
        headers: { 'x-userref-page': '//evil.example' },
      });
      const login = new URL(response.headers.get('location') ?? '', under.shop.url);
      expect(login.searchParams.get('return_to')).toBe('/probe/required');
    });

    it('takes a callback once: a second time it signs nobody in', async () => {
      const { jar, back } = await begun();
      await callback(back, jar);
      const stranger = new CookieJar();
      const replayed = await callback(back, stranger);
      expect([replayed.status, stranger.names]).toEqual([400, []]);
      expect(await replayed.text()).toContain('login_state_missing');
      expect((await callback(back, jar)).headers.get('location')).toBe('/');
      expect(under.core.callsTo('token')).toHaveLength(1);
    });

    it('refuses the login of somebody else in this browser', async () => {
      const attacker = await begun();
      const victim = await begun();
      const response = await callback(attacker.back, victim.jar);
      expect([response.status, await response.text()]).toEqual([
        400,
        expect.stringContaining('login_state_mismatch'),
      ]);
      expect(await userOf(victim.jar)).toBeNull();
      expect(under.core.callsTo('token')).toEqual([]);
    });

    it('of another issuer never sends the code', async () => {
      const { jar, back } = await begun();
      back.searchParams.set('iss', 'https://evil.example');
      expect([(await callback(back, jar)).status, under.core.callsTo('token').length]).toEqual([400, 0]);
    });

    it('replaces a session that somebody put into the browser before', async () => {
      const jar = await under.withSession({ userRef: 'ppid_attackerattackerattackerat' });
      const planted = jar.get(jar.names[0] ?? '');
      await under.signIn(jar);
      const own = jar.get(`userref_${under.options.site}`);
      expect(own).not.toBe(planted);
      expect((await userOf(jar)).userRef).toBe(under.core.person.userRef);
      const attacker = new CookieJar().set(`userref_${under.options.site}`, planted);
      expect((await userOf(attacker)).userRef).toBe('ppid_attackerattackerattackerat');
    });

    it('does not start, finish or end by what the router or a browser fetches ahead', async () => {
      const { jar, back } = await begun();
      const signedIn = await under.signIn();
      under.core.calls.length = 0;
      const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };
      const fetched = [
        script,
        ROUTER_FETCH,
        { ...ROUTER_FETCH, 'next-router-prefetch': '1' },
        { 'sec-purpose': 'prefetch' },
      ];
      for (const headers of fetched) {
        for (const path of ['/userref/login', back.pathname + back.search, '/userref/logout']) {
          const { status, headers: answered } = await under.visit(path, { headers, jar });
          expect([path, status < 300, answered.getSetCookie()]).toEqual([path, false, []]);
        }
        await under.visit('/userref/logout', { method: 'POST', headers, jar: signedIn });
      }
      expect(under.core.calls).toEqual([]);
      expect(await userOf(signedIn)).not.toBeNull();
    });

    it('ends by a form of the shop alone', async () => {
      const jar = await under.signIn();
      const logout = (headers: Record<string, string>) =>
        under.visit('/userref/logout', { method: 'POST', headers, jar });
      for (const headers of [{}, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'same-site' }]) {
        expect((await logout(headers as Record<string, string>)).status).toBe(403);
      }
      expect((await under.visit('/userref/logout', { jar })).status).toBe(405);
      const ended = await logout({ 'sec-fetch-site': 'same-origin', origin: under.shop.url });
      expect(ended.headers.get('location')).toContain(`${under.core.issuer}/`);
      expect(await userOf(jar)).toBeNull();
    });

    it('counts logins that a page starts by itself, and stops when they go in circles', async () => {
      const jar = new CookieJar();
      for (let count = 0; count < 5; count += 1) {
        await under.signIn(jar, '/userref/login?started_by=page');
        jar.set(`userref_${under.options.site}`, 'lost');
      }
      const response = await under.visit('/userref/login?started_by=page', { jar });
      expect([response.status, (await response.text()).includes('login_loop')]).toEqual([400, true]);
    });
  },
);
