import { describe, expect, it } from 'vitest';
import { ACCESS_TOKEN, sessionCookie } from '../../testing/index.ts';
import { CookieJar } from '../support/cookie-jar.ts';
import { optionsFor, signedIn, useTestSite } from '../support/site.ts';

const { core, clock, create } = useTestSite();

describe('pain 2: parallel refreshes log visitors out', () => {
  it('cannot happen: no refresh token is asked for, and one that comes is not kept', async () => {
    core.bends.tokens = { refresh_token: 'rt-that-nobody-asked-for' };
    const userref = create();
    const jar = await signedIn(userref, core);
    expect(core.callsTo('par')[0]?.body.get('scope')).not.toContain('offline_access');
    const session = await userref.readSession(jar.header);
    expect(JSON.stringify({ ...session })).not.toContain('rt-that-nobody');
    expect(session?.accessToken).toBe(ACCESS_TOKEN);
  });

  it('cannot happen: a hundred requests at once ask the core nothing and write no cookie', async () => {
    const userref = create();
    const { header } = await signedIn(userref, core);
    core.calls.length = 0;
    clock.seconds += 3 * 3600;
    const sessions = await Promise.all(Array.from({ length: 100 }, () => userref.readSession(header)));
    expect(sessions.every((session) => session !== null)).toBe(true);
    expect(core.calls).toEqual([]);
  });
});

describe('pain 9: the cookie outgrows what browsers and servers take', () => {
  it('stays below 1,500 bytes with all that a session can hold', async () => {
    const names = ['given_name', 'family_name', 'birthdate', 'citizenship', 'locale', 'name'];
    const { header } = await sessionCookie(optionsFor(core, clock), {
      sid: 's'.repeat(64),
      consents: [...names.map((name) => `profile:${name}`), 'contact:email', 'address:shipping'],
      askedPurposes: Object.fromEntries(
        Array.from({ length: 8 }, (_, index) => [`a_purpose_with_a_long_name_${index}`, clock.seconds]),
      ),
      accessToken: 't'.repeat(128),
    });
    expect(header.length).toBeLessThan(1500);
  });

  it('stays below 4,096 bytes for all cookies of one who left twenty logins open', async () => {
    const userref = create();
    const jar = await signedIn(userref, core);
    for (let count = 0; count < 20; count += 1) {
      const returnTo = `/a/page/with/a/long/path?and=${'a-query-'.repeat(8)}${count}`;
      jar.store((await userref.startLogin({ returnTo, cookieHeader: jar.header })).setCookies);
    }
    expect(jar.names.filter((name) => name.includes('-login-'))).toHaveLength(5);
    expect(jar.header.length).toBeLessThan(4096);
  });
});

describe('pain 10: two tabs sign in and one fails with a state mismatch', () => {
  it.each([
    ['in the order in which they began', [0, 1, 2]],
    ['the other way round', [2, 1, 0]],
  ])('all tabs end where they wanted to go, %s', async (_, order) => {
    const userref = create();
    const jar = new CookieJar();
    const logins = [];
    for (const returnTo of ['/first', '/second', '/third']) {
      const { url, setCookies } = await userref.startLogin({ returnTo, cookieHeader: jar.header });
      jar.store(setCookies);
      logins.push({ url, returnTo });
    }
    for (const index of order) {
      const { url = '', returnTo } = logins[index] ?? {};
      const finished = await userref.finishLogin({ url: core.signIn(url).href, cookieHeader: jar.header });
      jar.store(finished.setCookies);
      expect(finished.returnTo).toBe(returnTo);
    }
    expect(jar.names).toEqual(['__Host-userref']);
  });
});

describe('pain 12: a revocation does not reach the session of the site', () => {
  it('ends it at the next request, for every copy of the cookie', async () => {
    const userref = create();
    const { header } = await signedIn(userref, core);
    await userref.readSession(header);
    const data = { user_ref: core.person.userRef, sid: core.person.sid, reason: 'user' };
    await userref.handleWebhook(await core.webhook({ type: 'session.revoked', data }));
    expect((await userref.checkSession(header)).refusal).toBe('session_revoked');
    expect((await userref.checkSession(`other=1; ${header}`)).refusal).toBe('session_revoked');
  });

  it('leaves a session alone that began after it', async () => {
    const userref = create();
    core.person.sid = 'sid-before';
    await signedIn(userref, core);
    await userref.handleWebhook(
      await core.webhook({ type: 'access.revoked', data: { user_ref: core.person.userRef, reason: 'user' } }),
    );
    clock.seconds += 2;
    core.person.sid = 'sid-after';
    const { header } = await signedIn(userref, core);
    expect(await userref.readSession(header)).not.toBeNull();
  });
});
