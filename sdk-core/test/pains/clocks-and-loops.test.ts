import { describe, expect, it } from 'vitest';
import { CookieJar } from '../support/cookie-jar.ts';
import { codeOf, signedIn, useTestSite } from '../support/site.ts';

const { core, clock, create } = useTestSite();

describe('pain 4: clocks that differ, keys that changed, and a browser that spins', () => {
  it.each([
    [-15, 'no error'],
    [15, 'no error'],
    [16, 'passport_issued_in_future'],
  ])('a core whose clock is %i seconds ahead: %s', async (seconds, outcome) => {
    const now = clock.seconds + seconds;
    core.bends.claims = { iat: now, auth_time: now, exp: now + 3600 };
    expect(await codeOf(signedIn(create(), core))).toBe(outcome);
  });

  it('a clock that is known to be worse can be allowed for, up to a minute', async () => {
    const now = clock.seconds + 60;
    core.bends.claims = { iat: now, auth_time: now, exp: now + 3600 };
    expect(await codeOf(signedIn(create({ clockToleranceSeconds: 60 }), core))).toBe('no error');
    expect(() => create({ clockToleranceSeconds: 61 })).toThrow('config_invalid');
  });

  it('a wrong clock or key ends on a page with its cause, at once and not after a loop', async () => {
    core.bends.signWith = 'es256Stranger';
    const userref = create();
    const started = await userref.startLogin({ startedBy: 'page', returnTo: '/account' });
    const cookieHeader = new CookieJar().store(started.setCookies).header;
    const finished = userref.finishLogin({ url: core.signIn(started.url).href, cookieHeader });
    await expect(finished).rejects.toMatchObject({
      code: 'passport_signature_invalid',
      fix: expect.stringMatching(/\S{3}/),
      returnTo: '/account',
    });
  });

  it('a page that sends itself to sign in is stopped at the sixth time, with what to look at', async () => {
    const jar = new CookieJar();
    const hop = async () => {
      const request = { startedBy: 'page', cookieHeader: jar.header } as const;
      jar.store((await create().startLogin(request)).setCookies);
    };
    for (let count = 0; count < 5; count += 1) await hop();
    await expect(hop()).rejects.toMatchObject({
      code: 'login_loop',
      fix: expect.stringMatching(/cookies.*baseUrl.*clocks/),
    });
  });
});
