import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { ensurePhp } from './support/php.ts';
import { forgetTokens, seesMember, signInWithSid, tokensOf } from './support/session-tokens.ts';
import { useWordPress } from './support/use-wordpress.ts';
import { testPlugin } from './support/wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();

describe.skipIf(problem !== undefined)('sessions of WordPress', () => {
  const wordpress = useWordPress({ mustUsePlugins: [testPlugin('faults')] });
  const { url, userRef } = wordpress;
  const ask = (php: string) => wordpress.ask(php);
  const isSignedIn = (of = wordpress.browser) => seesMember(wordpress, of);
  const entries = (login?: string) => tokensOf(wordpress, login);
  const tokenOf = (of: Browser) =>
    [...of.cookies].find(([key]) => key.startsWith('wordpress_logged_in'))?.[1].value.split('%7C')[2];

  beforeEach(() => forgetTokens(wordpress));

  it('hold no address and no browser of anybody, also where WordPress kept them before', async () => {
    const old = { expiration: 4_000_000_000, ip: '192.0.2.7', ua: 'Sample Browser', login: 1 };
    await wordpress.signIn(wordpress.browser);
    await wordpress.ask(`$id = get_user_by('login', '${userRef()}')->ID;
      update_user_meta($id, 'session_tokens', ['${'a'.repeat(64)}' => ${phpArray(old)}] + get_user_meta($id, 'session_tokens', true));
      return true;`);
    await wordpress.administrator();
    await wordpress.signIn(new Browser());
    for (const entry of [...(await entries()), ...(await entries('admin'))]) {
      expect(entry).not.toHaveProperty('ip');
      expect(entry).not.toHaveProperty('ua');
    }
    expect((await wordpress.site.databaseDump()).toString()).not.toMatch(
      /192\.0\.2\.7|127\.0\.0\.1";|Sample Browser|undici/,
    );
  });

  it('are kept sealed on the server, and no longer than the session lasts', async () => {
    wordpress.constants.set({ TEST_LONG_COOKIES: true });
    await wordpress.signIn(wordpress.browser);
    const [entry] = await entries();
    expect(entry?.userref?.sid).toBe(wordpress.core.person.sid);
    expect(entry?.expiration).toBe(entry?.userref?.expires_at);
    expect(entry?.expiration).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) + 28_800);
    for (const { value } of wordpress.browser.cookies.values()) {
      expect(value).not.toContain(wordpress.core.person.sid);
      expect(value.length).toBeLessThan(400);
    }
    expect(JSON.stringify(entry)).not.toContain('at_kQm2');
  });

  it('end with the session, whatever WordPress’ cookie says', async () => {
    await wordpress.signIn(wordpress.browser);
    await wordpress.ask(`$id = get_user_by('login', '${userRef()}')->ID;
      $tokens = get_user_meta($id, 'session_tokens', true);
      foreach ($tokens as &$entry) { $entry['userref']['expires_at'] = time() - 1; $entry['expiration'] = time() + 9999; }
      return update_user_meta($id, 'session_tokens', $tokens);`);
    expect(await isSignedIn()).toBe(false);
  });

  it('get another token at each login, and the one before is worth nothing', async () => {
    const administrator = await wordpress.administrator();
    const before = tokenOf(administrator);
    const stolen = new Map(administrator.cookies);
    await wordpress.signIn(administrator);
    expect(tokenOf(administrator)).not.toBe(before);
    const cookie = [...stolen].map(([key, one]) => `${key.split('|')[0]}=${one.value}`).join('; ');
    const page = await (await fetch(url('/'), { headers: { cookie } })).text();
    expect(page).not.toMatch(/class="[^"]*logged-in/);
    const first = tokenOf(administrator);
    await wordpress.signIn(administrator);
    expect(tokenOf(administrator)).not.toBe(first);
    expect(await entries()).toHaveLength(1);
  });

  it('end in one browser when one session was revoked, and go on in the other', async () => {
    const one = await signInWithSid(wordpress, 'sid-of-one-browser');
    const other = await signInWithSid(wordpress, 'sid-of-another-browser');
    const data = { user_ref: userRef(), sid: 'sid-of-one-browser', reason: 'signed_out' };
    expect((await wordpress.sendEvent('session.revoked', data)).status).toBe(204);
    expect([await isSignedIn(one), await isSignedIn(other)]).toEqual([false, true]);
    expect((await entries()).map((entry) => entry.userref?.sid)).toEqual(['sid-of-another-browser']);
  });

  it.each(['access.revoked', 'consent.withdrawn', 'subject.restricted'])(
    'end in all browsers at %s, and who signs in afterwards is signed in',
    async (type) => {
      const browsers = [
        await signInWithSid(wordpress, `sid-${randomUUID()}`),
        await signInWithSid(wordpress, `sid-${randomUUID()}`),
      ];
      const data = {
        user_ref: userRef(),
        reason: 'disconnected_by_person',
        consent_id: 'con_x',
        attributes: ['contact:email'],
        purpose: 'newsletter',
      };
      expect((await wordpress.sendEvent(type, data)).status).toBeLessThan(300);
      for (const one of browsers) expect(await isSignedIn(one)).toBe(false);
      await new Promise((done) => setTimeout(done, 1100));
      expect(await isSignedIn(await signInWithSid(wordpress, `sid-${randomUUID()}`))).toBe(true);
    },
  );

  it('end with the next request once it is written down, before anything is cleared away', async () => {
    const kept = await signInWithSid(wordpress, 'sid-that-is-kept');
    await signInWithSid(wordpress, 'sid-that-is-revoked', wordpress.browser);
    await ask(
      "return UserrefLogin\\Plugin::services()->revocations()->revokeSession('sid-that-is-revoked', time() + 99);",
    );
    expect(await entries()).toHaveLength(2);
    expect([await isSignedIn(), await isSignedIn(kept)]).toEqual([false, true]);
    const now = Math.floor(Date.now() / 1000);
    await ask(
      `return UserrefLogin\\Plugin::services()->revocations()->revokeUser('${userRef()}', ${now}, time() + 99);`,
    );
    expect(await isSignedIn(kept)).toBe(false);
  });

  it('end in the admin pages and the REST API as well', async () => {
    await wordpress.signIn(wordpress.browser);
    const admin = () => wordpress.browser.fetch(url('/wp-admin/profile.php'));
    expect((await admin()).status).toBe(200);
    await wordpress.sendEvent('access.revoked', { user_ref: userRef(), reason: 'revoked_by_operator' });
    expect((await admin()).headers.get('location')).toContain('wp-login.php');
  });

  it('are not good when the revocations cannot be asked, and are good again afterwards', async () => {
    await wordpress.signIn(wordpress.browser);
    await wordpress.site.sql('rename table wp_userref_revocations to wp_away');
    try {
      expect(await isSignedIn()).toBe(false);
      const administrator = await wordpress.administrator();
      expect(await isSignedIn(administrator)).toBe(true);
      const { status } = await wordpress.sendEvent('access.revoked', {
        user_ref: userRef(),
        reason: 'signed_out',
      });
      expect(status).toBe(503);
    } finally {
      await wordpress.site.sql('rename table wp_away to wp_userref_revocations');
    }
    expect(await isSignedIn()).toBe(true);
  });

  it('are not good for an account that is no longer the one that signed in', async () => {
    await wordpress.signIn(wordpress.browser);
    const id = await wordpress.ask(`return get_user_by('login', '${userRef()}')->ID;`);
    await wordpress.ask(`return update_user_meta(${id}, 'userref_user_ref', '${userRef().toUpperCase()}');`);
    expect(await isSignedIn()).toBe(false);
    await wordpress.ask(`return update_user_meta(${id}, 'userref_user_ref', '${userRef()}');`);
    expect(await isSignedIn()).toBe(true);
  });

  it('are caught up with by WP-Cron when a webhook did not arrive', async () => {
    await wordpress.signIn(wordpress.browser);
    const { userRef: user_ref, sid } = wordpress.core.person;
    await wordpress.core.webhook({ type: 'session.revoked', data: { user_ref, sid, reason: 'signed_out' } });
    expect(await isSignedIn()).toBe(true);
    const due = "return wp_next_scheduled('userref_catch_up') - time();";
    expect(await wordpress.ask(due)).toBeLessThanOrEqual(60);
    await expect
      .poll(
        async () => {
          await wordpress.ask("do_action('userref_catch_up'); return 1;");
          return isSignedIn();
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(false);
  });
});

function phpArray(value: object): string {
  return `json_decode('${JSON.stringify(value)}', true)`;
}
