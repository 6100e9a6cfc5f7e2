import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { ensurePhp } from './support/php.ts';
import { forgetTokens, seesMember, signInWithSid, tokensOf } from './support/session-tokens.ts';
import { useWordPress } from './support/use-wordpress.ts';
import { testPlugin } from './support/wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();

describe.skipIf(problem !== undefined)('sessions of WordPress beside other plug-ins', () => {
  const wordpress = useWordPress({ mustUsePlugins: [testPlugin('faults')] });
  const { url, userRef } = wordpress;
  const ask = (php: string) => wordpress.ask(php);
  const isSignedIn = (of = wordpress.browser) => seesMember(wordpress, of);
  const entries = (login?: string) => tokensOf(wordpress, login);
  const set = (changes: Record<string, string | number>) => wordpress.constants.set(changes);

  beforeEach(() => forgetTokens(wordpress));

  it('end at once also where an object cache keeps users and their tokens', async () => {
    const dropIn = join(wordpress.site.root, 'wp-content', 'object-cache.php');
    copyFileSync(testPlugin('object-cache'), dropIn);
    try {
      await ask("return wp_cache_set('kept', 'between requests', 'test');");
      expect(await ask("return wp_cache_get('kept', 'test');")).toBe('between requests');
      await wordpress.signIn(wordpress.browser);
      expect([await isSignedIn(), await isSignedIn()]).toEqual([true, true]);
      const data = { user_ref: userRef(), sid: wordpress.core.person.sid, reason: 'signed_out' };
      await wordpress.sendEvent('session.revoked', data);
      expect(await isSignedIn()).toBe(false);
      const other = await signInWithSid(wordpress, 'sid-with-an-object-cache');
      expect(await isSignedIn(other)).toBe(true);
      await wordpress.site.sql(
        `insert into wp_userref_revocations values ('s:sid-with-an-object-cache', 4000000000, 4000000000)`,
      );
      expect(await isSignedIn(other)).toBe(false);
    } finally {
      rmSync(dropIn);
    }
  });

  it('are caught up with from the place that was reached, also when an object cache forgot everything', async () => {
    const cache = 'wp_using_ext_object_cache(true); $cache = new UserrefLogin\\Sessions\\TransientCache();';
    await ask(`${cache} $cache->set('week', 'kept', 604800); $cache->set('hour', 'lost', 3600); return 1;`);
    // Another process, for which WordPress' own cache is as empty as one that was flushed.
    const left = `return [$cache->get('week'), $cache->get('hour'), wp_using_ext_object_cache()];`;
    expect(await ask(`${cache} ${left}`)).toEqual(['kept', null, true]);
  });

  it.each(['session.revoked', 'access.revoked', 'consent.withdrawn', 'subject.restricted'])(
    'end for members at %s also where another plug-in began them, such as one for second factors',
    async (type) => {
      await wordpress.signIn(wordpress.browser);
      await wordpress.ask(`$id = get_user_by('login', '${userRef()}')->ID;
      return WP_Session_Tokens::get_instance($id)->create(time() + 9999);`);
      expect(await entries()).toHaveLength(2);
      const consent = { consent_id: 'con_x', attributes: ['contact:email'], purpose: 'newsletter' };
      const { sid } = wordpress.core.person;
      await wordpress.sendEvent(type, {
        user_ref: userRef(),
        sid,
        reason: 'revoked_by_operator',
        ...consent,
      });
      expect(await entries()).toEqual([]);
    },
  );

  it('end also where WordPress made another token meanwhile, as it does when a password is set', async () => {
    const sid = `sid-${randomUUID()}`;
    await signInWithSid(wordpress, sid, wordpress.browser);
    const nonce = await (
      await wordpress.browser.fetch(url('/wp-admin/admin-ajax.php?action=rest-nonce'))
    ).text();
    const response = await wordpress.browser.fetch(url('/wp-json/wp/v2/users/me'), {
      method: 'POST',
      headers: { 'x-wp-nonce': nonce, 'content-type': 'application/json' },
      body: JSON.stringify({ password: 'which counts for nothing' }),
    });
    expect(response.status).toBe(200);
    // Newer ones of WordPress go on with the token that there is.
    expect(new Set((await entries()).map((entry) => entry.userref?.sid))).toEqual(new Set([sid]));
    expect(await isSignedIn()).toBe(true);
    await wordpress.sendEvent('session.revoked', { user_ref: userRef(), sid, reason: 'signed_out' });
    expect([await isSignedIn(), await entries()]).toEqual([false, []]);
  });

  it('cost a page no call of the bridge and one query at most', async () => {
    await wordpress.signIn(wordpress.browser);
    const queries = async (headers: Record<string, string>, of = wordpress.browser) => {
      const response = await of.fetch(url('/'), {
        headers: { ...headers, 'x-count-queries': '1' },
      });
      expect(await response.text()).toMatch(/class="[^"]*logged-in/);
      return Number(response.headers.get('x-queries'));
    };
    const cookie = await ask(`$id = get_user_by('login', '${userRef()}')->ID;
      $token = WP_Session_Tokens::get_instance($id)->create(time() + 999);
      return LOGGED_IN_COOKIE . '=' . rawurlencode(wp_generate_auth_cookie($id, time() + 999, 'logged_in', $token));`);
    let calls = 0;
    const bridge = createServer(() => {
      calls += 1;
    }).listen(0, '127.0.0.1');
    await once(bridge, 'listening');
    set({ USERREF_BRIDGE: `http://127.0.0.1:${(bridge.address() as { port: number }).port}` });
    const ours = await queries({});
    for (const path of ['/', '/?s=a', '/wp-admin/profile.php', '/wp-json/'])
      await wordpress.browser.fetch(url(path));
    expect(ours - (await queries({ cookie }, new Browser()))).toBe(1);
    bridge.close();
    expect(calls).toBe(0);
  });

  it('use our tokens where another plug-in has some of its own, and say so', async () => {
    set({ TEST_TOKEN_MANAGER: 'first' });
    await wordpress.signIn(wordpress.browser);
    expect(await isSignedIn()).toBe(true);
    expect((await entries())[0]).not.toHaveProperty('ip');
    const notice = await (await (await wordpress.administrator()).fetch(url('/wp-admin/'))).text();
    expect(notice).toContain('TestTokenManager');
  });

  it('end when they are revoked also where another plug-in took the tokens over meanwhile', async () => {
    const sid = `sid-${randomUUID()}`;
    const one = await signInWithSid(wordpress, sid);
    const other = await signInWithSid(wordpress, `sid-${randomUUID()}`);
    set({ TEST_TOKEN_MANAGER: 'last' });
    expect([await isSignedIn(one), await isSignedIn(other)]).toEqual([true, true]);
    await wordpress.sendEvent('session.revoked', { user_ref: userRef(), sid, reason: 'signed_out' });
    expect([await isSignedIn(one), await isSignedIn(other)]).toEqual([false, true]);
    expect((await one.fetch(url('/wp-admin/profile.php'))).status).not.toBe(200);
  });

  it('refuse a login, in clear words, where another plug-in insists on its tokens', async () => {
    set({ TEST_TOKEN_MANAGER: 'last' });
    const { response } = await wordpress.signIn(wordpress.browser);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('Another plug-in has taken over the sessions');
    expect(await isSignedIn()).toBe(false);
  });
});
