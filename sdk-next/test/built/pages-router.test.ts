import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testWebhook } from '@userref/sdk-core/testing';
import { describe, expect, inject, it } from 'vitest';
import { CookieJar } from '../../../sdk-core/test/support/cookie-jar.ts';
import { ADDRESS, CANARY, newSid, ROUTER_FETCH, useShop } from '../support/shop-under-test.ts';

describe.each(inject('builtShops').map((shop) => [shop.major, shop] as const))(
  'the Pages Router of Next %s',
  (_, built) => {
    const under = useShop(built);
    const whoIs = async (jar: CookieJar) => (await (await under.visit('/api/whoami', { jar })).json()).user;

    it('sends a visitor to sign in, and back', async () => {
      const jar = new CookieJar();
      const refused = await under.visit('/pages-account?tab=1', { jar });
      expect(refused.status).toBe(307);
      expect(refused.headers.get('location')).toBe(
        '/api/userref/login?return_to=%2Fpages-account%3Ftab%3D1&started_by=page',
      );
      const started = await under.visit(refused.headers.get('location') ?? '', { jar });
      const back = under.core.signIn(started.headers.get('location') ?? '');
      expect(back.pathname).toBe('/api/userref/callback');
      const finished = await under.visit(back.pathname + back.search, { jar });
      expect(finished.headers.get('location')).toBe('/pages-account?tab=1');
      expect((await whoIs(jar)).userRef).toBe(under.core.person.userRef);
    });

    it('shows what is shared, and to the router of Next.js too', async () => {
      under.core.consented = { 'address:shipping': ADDRESS };
      const jar = await under.withSession();
      expect(await (await under.visit('/pages-account', { jar })).text()).toContain(CANARY);
      const build = readFileSync(join(built.folder, '.next/BUILD_ID'), 'utf8');
      const data = await under.visit(`/_next/data/${build}/pages-account.json`, {
        jar,
        headers: { accept: '*/*' },
      });
      expect((await data.json()).pageProps.userRef).toBe(under.core.person.userRef);
    });

    it('ends a session by webhook, whose body it reads as it came', async () => {
      const sid = newSid();
      const jar = await under.withSession({ sid });
      const event = {
        type: 'session.revoked' as const,
        data: { user_ref: under.core.person.userRef, sid, reason: 'user_revoked' },
      };
      const { headers, body } = await testWebhook(event, under.core.webhookSecret);
      const changed = await under.visit('/api/userref/webhook', {
        method: 'POST',
        headers,
        body: `${body} `,
      });
      expect([changed.status, await whoIs(jar)]).toEqual([401, expect.objectContaining({ sid })]);
      const taken = await under.visit('/api/userref/webhook', { method: 'POST', headers, body });
      expect([taken.status, await whoIs(jar)]).toEqual([204, null]);
    });

    it('does not sign in ahead or by another site, and answers 405 to the wrong method', async () => {
      expect((await under.visit('/api/userref/login', { headers: ROUTER_FETCH })).status).toBe(503);
      expect((await under.visit('/api/userref/login', { method: 'POST' })).status).toBe(405);
      expect((await under.visit('/api/userref/logout', { method: 'POST' })).status).toBe(403);
      expect(under.core.calls).toEqual([]);
    });

    it('keeps its account page out of the static files', () => {
      expect(globSync('server/pages/pages-account.html', { cwd: join(built.folder, '.next') })).toEqual([]);
    });
  },
);
