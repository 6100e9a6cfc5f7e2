import { describe, expect, inject, it } from 'vitest';
import type { CookieJar } from '../../../sdk-core/test/support/cookie-jar.ts';
import { ADDRESS, CANARY, newSid, routerFetch, useShop } from '../support/shop-under-test.ts';

const OTHER = 'ppid_zyxwvutsrqponmlkjihgfedc23';

describe.each(inject('builtShops').map((shop) => [shop.major, shop] as const))(
  'a session on Next %s',
  (_, built) => {
    const under = useShop(built);
    const name = () => `userref_${under.options.site}`;
    const userOf = async (jar: CookieJar) =>
      (await (await under.visit('/userref/session', { jar })).json()).user;

    it('that was revoked ends in the proxy: the cookie goes, and the page is not shown', async () => {
      const sid = newSid();
      const jar = await under.withSession({ sid });
      expect((await under.visit('/orders', { jar })).status).toBe(200);
      const delivered = await under.deliver('session.revoked', {
        user_ref: under.core.person.userRef,
        sid,
        reason: 'user_revoked',
      });
      expect(delivered.status).toBe(204);
      const response = await under.visit('/orders', { jar });
      expect([response.status, jar.names]).toEqual([303, []]);
      expect(await response.text()).not.toContain('ppid_');
    });

    it('that was revoked ends in a page that the proxy lets through', async () => {
      const sid = newSid();
      under.core.consented = { 'address:shipping': ADDRESS };
      const jar = await under.withSession({
        sid,
        consents: ['address:shipping'],
        askedPurposes: { order_delivery: 1 },
      });
      const kept = jar.get(name());
      for (const path of ['/probe/required', '/probe/slow']) {
        expect([path, (await under.visit(path, { jar })).status]).toEqual([path, 200]);
      }
      await under.deliver('session.revoked', {
        user_ref: under.core.person.userRef,
        sid,
        reason: 'user_revoked',
      });
      const required = await under.visit('/probe/required', { jar: jar.set(name(), kept) });
      expect([required.status, (await required.text()).includes(under.core.person.userRef)]).toEqual([
        307,
        false,
      ]);
      const slow = await (await under.visit('/probe/slow', { jar: jar.set(name(), kept) })).text();
      expect([slow.includes('not_signed_in'), slow.includes(CANARY)]).toEqual([true, false]);
      const api = await under.visit('/userref/session', { jar: jar.set(name(), kept) });
      expect([await api.json(), jar.names]).toEqual([{ user: null }, []]);
    });

    it('of a user whose access was revoked ends at once, and that of another stays', async () => {
      const [mine, others] = [await under.withSession({ userRef: OTHER }), await under.withSession()];
      const delivered = await under.deliver('access.revoked', { user_ref: OTHER, reason: 'user_revoked' });
      expect(delivered.status).toBe(204);
      expect([await userOf(mine), (await userOf(others)).userRef]).toEqual([null, under.core.person.userRef]);
    });

    it('ends by back-channel logout', async () => {
      const sid = newSid();
      const jar = await under.withSession({ sid });
      const body = new URLSearchParams({ logout_token: await under.core.logoutToken({ sid }) }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await under.visit('/userref/backchannel-logout', { method: 'POST', headers, body });
      expect([answer.status, await userOf(jar)]).toEqual([200, null]);
    });

    it('is not ended by an event that is not signed', async () => {
      const sid = newSid();
      const jar = await under.withSession({ sid });
      const body = JSON.stringify({
        type: 'session.revoked',
        timestamp: new Date().toISOString(),
        data: { sid },
      });
      const headers = {
        'content-type': 'application/json',
        'webhook-id': 'evt_abcdefghijklmnopqrstuvwx23',
        'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
        'webhook-signature': `v1,${'A'.repeat(43)}=`,
      };
      expect((await under.visit('/userref/webhook', { method: 'POST', headers, body })).status).toBe(401);
      expect(await userOf(jar)).not.toBeNull();
    });

    it('whose cookie is stale or false is none, and the cookie goes', async () => {
      const now = Math.floor(Date.now() / 1000);
      const expired = await under.withSession({ issuedAt: now - 9000, expiresAt: now - 1 });
      const changed = await under.withSession();
      changed.set(name(), `${changed.get(name()).slice(0, -2)}AA`);
      for (const jar of [expired, changed]) {
        jar.set('basket_kettle-and-leaf', 'jasmine-pearls.1');
        const page = await under.visit('/basket', { jar });
        expect([page.status, (await page.text()).includes('Jasmine Pearls')]).toEqual([200, true]);
        expect(jar.names).toEqual(['basket_kettle-and-leaf']);
      }
    });

    it('is refused, not trusted, while the core or its store says nothing', async () => {
      const jar = await under.withSession();
      under.core.bends.replies.attributes = () => new Response('{}', { status: 500 });
      const page = await (await under.visit('/probe/slow', { jar })).text();
      expect(page).toContain('attributes_unavailable');
    });

    it('works on the Edge as on Node, revocation included', async () => {
      const sid = newSid();
      under.core.consented = { 'address:shipping': ADDRESS };
      const api = { accept: 'application/json', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' };
      const jar = await under.withSession({ sid });
      const answer = await under.visit('/probe/edge', { jar, headers: api });
      expect(await answer.json()).toEqual({
        userRef: under.core.person.userRef,
        address: ADDRESS,
        runtime: 'edge',
      });
      expect(answer.headers.get('cache-control')).toBe('private, no-store');
      await under.deliver('session.revoked', {
        user_ref: under.core.person.userRef,
        sid,
        reason: 'user_revoked',
      });
      const refused = await under.visit('/probe/edge', { jar, headers: api });
      expect([refused.status, (await refused.json()).code]).toEqual([401, 'not_signed_in']);
    });

    it('lets nobody change anything from another site', async () => {
      const jar = await under.withSession();
      const from = (site: string) =>
        under.visit('/probe/edge', {
          jar,
          method: 'POST',
          headers: { 'sec-fetch-site': site, accept: '*/*' },
        });
      expect([(await from('cross-site')).status, (await from('same-site')).status]).toEqual([403, 403]);
      expect((await from('same-origin')).status).toBe(200);
    });
  },
);

describe.each(inject('builtShops').map((shop) => [shop.major, shop] as const))(
  'what is shared on Next %s',
  (_, built) => {
    const under = useShop(built);
    const PERSONAL = [
      '/orders',
      '/checkout',
      '/probe/slow',
      '/probe/required',
      '/pages-account',
      '/userref/session',
      '/live',
    ];

    it('is never streamed to a visitor who refused: neither in HTML nor to the router', async () => {
      const jar = await under.withSession({
        consents: ['address:shipping'],
        askedPurposes: { order_delivery: 1 },
      });
      const ways = [() => under.visit('/probe/slow', { jar }), () => routerFetch(under, '/probe/slow', jar)];
      for (const ask of ways) {
        const refused = await (await ask()).text();
        expect([refused.includes('consent_required'), refused.includes(CANARY)]).toEqual([true, false]);
        under.core.consented = { 'address:shipping': ADDRESS };
        expect(await (await ask()).text()).toContain(CANARY);
        under.core.consented = {};
      }
    });

    it('is not kept by the cache of Next.js, even on a page that asks it to', async () => {
      under.core.consented = { 'address:shipping': ADDRESS };
      const jar = await under.withSession();
      expect(await (await under.visit('/probe/cached', { jar })).text()).toContain(CANARY);
      under.core.consented = {};
      expect(await (await under.visit('/probe/cached', { jar })).text()).not.toContain(CANARY);
      under.core.consented = { 'address:shipping': { ...ADDRESS, street_address: 'Moved Street 1' } };
      expect(await (await under.visit('/probe/cached', { jar })).text()).toContain('Moved Street 1');
    });

    it('is not kept by a function whose answer is kept for everybody, though the page looked before', async () => {
      under.core.consented = { 'address:shipping': ADDRESS };
      for (const letter of ['a', 'b']) {
        const userRef = `ppid_${letter.repeat(26)}`;
        const page = await under.visit('/probe/kept', { jar: await under.withSession({ userRef }) });
        const text = await page.text();
        expect([text.includes(`data-user="${userRef}"`), text.includes(CANARY)]).toEqual([true, false]);
        expect(text).toContain('refused: Error');
      }
    });

    it('is private, no-store wherever anything personal is, and static pages are for everybody', async () => {
      under.core.consented = { 'address:shipping': ADDRESS };
      const jar = await under.withSession({
        consents: ['address:shipping'],
        askedPurposes: { order_delivery: 1 },
      });
      jar.set('basket_kettle-and-leaf', 'jasmine-pearls.1');
      for (const path of PERSONAL.filter((one) => one !== '/live')) {
        const { status, headers } = await under.visit(path, { jar });
        const control = headers.get('cache-control') ?? '';
        expect([path, status, control.includes('private'), control.includes('no-store')]).toEqual([
          path,
          200,
          true,
          true,
        ]);
      }
      const home = await under.visit('/', { jar });
      expect(home.headers.get('cache-control')).toContain('s-maxage');
      expect(home.headers.getSetCookie()).toEqual([]);
      expect(await home.text()).toBe(await (await under.visit('/')).text());
      const now = Math.floor(Date.now() / 1000);
      const dead = await under.withSession({ issuedAt: now - 9000, expiresAt: now - 1 });
      const cleared = await under.visit('/', { jar: dead });
      expect([cleared.headers.getSetCookie().length, cleared.headers.get('cache-control')]).toEqual([
        1,
        'private, no-store',
      ]);
    });

    it('is one visitor’s alone, however many ask at once', async () => {
      under.core.consented = { 'address:shipping': ADDRESS };
      const users = ['a', 'b', 'c', 'd'].map((letter) => `ppid_${letter.repeat(26)}`);
      const jars = await Promise.all(users.map((userRef) => under.withSession({ userRef })));
      for (const jar of jars) {
        jar.set('basket_kettle-and-leaf', 'jasmine-pearls.1');
        const headers = { 'sec-fetch-site': 'same-origin' };
        expect((await under.visit('/orders/place', { method: 'POST', headers, jar })).status).toBe(303);
      }
      const visits = Array.from({ length: 48 }, (_unused, index) => index % users.length);
      await Promise.all(
        visits.map(async (who, index) => {
          const path = ['/orders', '/userref/session', '/pages-account', '/probe/slow'][index % 4] ?? '';
          const jar = jars[who] as CookieJar;
          const isRouter = index % 3 === 0 && path !== '/userref/session';
          const text = await (
            await (isRouter ? routerFetch(under, path, jar) : under.visit(path, { jar }))
          ).text();
          expect([path, text.includes(users[who] ?? '') || path === '/probe/slow']).toEqual([path, true]);
          const seen = users.filter((userRef) => text.includes(userRef));
          expect([path, seen.filter((userRef) => userRef !== users[who])]).toEqual([path, []]);
        }),
      );
    });

    it('stands in no log', () => {
      expect(under.shop.log).not.toContain(CANARY);
      expect(under.shop.log).not.toContain('ppid_');
    });
  },
);
