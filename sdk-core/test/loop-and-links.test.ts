import { describe, expect, it } from 'vitest';
import { CookieJar } from './support/cookie-jar.ts';
import { codeOf, useTestSite } from './support/site.ts';

const { core, clock, create } = useTestSite();

describe('a page that sends the visitor to sign in by itself', () => {
  async function hop(jar: CookieJar): Promise<string> {
    const started = await create().startLogin({ startedBy: 'page', cookieHeader: jar.header });
    jar.store(started.setCookies);
    return 'started';
  }

  it('is stopped at the sixth time within 30 seconds', async () => {
    const jar = new CookieJar();
    for (let count = 0; count < 5; count += 1) expect(await hop(jar)).toBe('started');
    expect(await codeOf(hop(jar))).toBe('login_loop');
    clock.seconds += 30;
    expect(await hop(jar)).toBe('started');
  });

  it('does not count what the visitor starts, and is not confused by a false counter', async () => {
    const jar = new CookieJar();
    for (let count = 0; count < 9; count += 1) {
      jar.store((await create().startLogin({ cookieHeader: jar.header })).setCookies);
    }
    expect(await hop(jar)).toBe('started');
    expect(await hop(new CookieJar().set('__Host-userref-hops', 'x.y.z'))).toBe('started');
    expect(await hop(new CookieJar().set('__Host-userref-hops', '99999999999.99999999999.99999999999'))).toBe(
      'started',
    );
  });
});

describe('a link that starts a login', () => {
  const follow = (query: string) => create().startInitiatedLogin({ url: `/userref/login?${query}` });
  const pushed = () => Object.fromEntries(core.callsTo('par')[0]?.body ?? []);

  it('may come from the issuer (OpenID Connect Core §4)', async () => {
    const target = encodeURIComponent('https://shop.example/orders');
    await follow(`iss=${encodeURIComponent(core.issuer)}&target_link_uri=${target}`);
    expect(pushed()).toMatchObject({ scope: 'openid' });
  });

  it('may lead to the site as a whole, written without a slash', async () => {
    await follow(`iss=${encodeURIComponent(core.issuer)}&target_link_uri=https://shop.example`);
    expect(pushed()).toMatchObject({ scope: 'openid' });
  });

  it('may ask for attributes with a purpose', async () => {
    await follow('attributes=address:shipping,contact:email&purpose=order_delivery&return_to=/checkout');
    expect(pushed()).toMatchObject({
      scope: 'openid address:shipping contact:email',
      purpose: 'order_delivery',
      prompt: 'consent',
    });
  });

  it.each([
    ['issuer_mismatch', 'iss=https://evil.example'],
    ['issuer_mismatch', 'iss=https://id.example.eu&iss=https://evil.example'],
    ['return_to_rejected', 'return_to=//evil.example'],
    ['return_to_rejected', 'target_link_uri=https://evil.example/'],
    ['return_to_rejected', 'target_link_uri=https://shop.example.evil.example/'],
    ['return_to_rejected', 'target_link_uri=https://shop.example//evil.example/'],
    ['purpose_required', 'attributes=contact:email'],
    ['unknown_attribute', 'attributes=openid&purpose=order_delivery'],
  ])('is refused with %s: %s', async (code, query) => {
    expect(await codeOf(follow(query))).toBe(code);
    expect(core.calls).toHaveLength(0);
  });
});
