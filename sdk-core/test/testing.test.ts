import { http } from 'msw';
import { setupServer } from 'msw/node';
import { describe, expect, it } from 'vitest';
import { createUserref, type UserrefOptions } from '../src/index.ts';
import { FakeCore, serveFakeCore, sessionCookie, signInBrowser, testWebhook } from '../testing/index.ts';
import { CookieJar } from './support/cookie-jar.ts';
import { codeOf, SESSION_SECRET, signedIn } from './support/site.ts';

const delivery = { purpose: 'order_delivery' };

function siteOf(core: FakeCore, more: Partial<UserrefOptions> = {}): UserrefOptions {
  return { ...core.options, baseUrl: 'https://shop.example', sessionSecret: SESSION_SECRET, ...more };
}

describe('the fake core', () => {
  it('signs in and releases what the person shares, over the option fetch alone', async () => {
    const core = new FakeCore();
    const userref = createUserref(siteOf(core, { fetch: core.fetch }));
    const started = await userref.startLogin({ attributes: ['address:shipping'], ...delivery });
    const cookieHeader = new CookieJar().store(started.setCookies).header;
    const { session } = await userref.finishLogin({ url: core.signIn(started.url).href, cookieHeader });
    expect(session.consents).toContain('address:shipping');
    const shared = await userref.fetchAttributes(session, ['address:shipping'], delivery);
    expect(shared.get('address:shipping')).toMatchObject({ locality: 'Sampletown' });
  });

  it('shares nothing for a person who says no, and then the cell refuses', async () => {
    const core = new FakeCore();
    core.person.shares = false;
    const userref = createUserref(siteOf(core, { fetch: core.fetch }));
    const session = await userref.readSession((await signedIn(userref, core)).header);
    if (session === null) throw new Error('nobody is signed in');
    expect(await codeOf(userref.fetchAttributes(session, ['contact:email'], delivery))).toBe(
      'consent_required',
    );
  });

  it('stands behind msw, and lets no other request out of the code that got its fetch', async () => {
    const core = new FakeCore();
    const network = setupServer(...core.handlers(http));
    network.listen();
    const jar = await signedIn(createUserref(siteOf(core)), core).finally(() => network.close());
    expect(jar.names).toEqual(['__Host-userref']);
    await expect(core.fetch('https://elsewhere.example/')).rejects.toThrow('fake core');
  });

  it('takes a code once, only with its verifier, and only from the site itself', async () => {
    const core = new FakeCore();
    const userref = createUserref(siteOf(core, { fetch: core.fetch }));
    const started = await userref.startLogin();
    const url = core.signIn(started.url).href;
    const cookieHeader = new CookieJar().store(started.setCookies).header;
    await userref.finishLogin({ url, cookieHeader });
    expect(await codeOf(userref.finishLogin({ url, cookieHeader }))).toBe('token_exchange_failed');
    const stranger = createUserref(siteOf(core, { fetch: core.fetch, siteSecret: 'guessed' }));
    expect(await codeOf(stranger.startLogin())).toBe('login_request_refused');
  });

  it('makes passports that verify, and ones that are refused with their reason', async () => {
    const core = new FakeCore();
    const { verifyPassport } = createUserref(siteOf(core, { fetch: core.fetch }));
    expect(await verifyPassport(await core.passport())).toMatchObject({ userRef: core.person.userRef });
    expect(await codeOf(verifyPassport(await core.passport({ aud: 'shop-b' })))).toBe(
      'passport_audience_invalid',
    );
    core.bends.signWith = 'es256Stranger';
    expect(await codeOf(verifyPassport(await core.passport()))).toBe('passport_signature_invalid');
  });

  it('has a status list, by which passports are found revoked offline', async () => {
    const core = new FakeCore();
    const userref = createUserref(siteOf(core, { fetch: core.fetch }));
    const check = async () => {
      const jwt = await core.passport();
      const { uri } = (await userref.verifyPassport(jwt)).status ?? { uri: '' };
      return codeOf(userref.verifyPassport(jwt, { status: { lists: await userref.fetchStatusList(uri) } }));
    };
    expect(await check()).toBe('no error');
    core.person.passportStatus = 'revoked';
    expect(await check()).toBe('passport_revoked');
    core.person.passportStatus = 'suspended';
    expect(await check()).toBe('passport_suspended');
  });

  it('refuses what the real core refuses: unregistered addresses, other purposes, unsigned acknowledgements', async () => {
    const core = new FakeCore();
    const userref = createUserref(siteOf(core, { fetch: core.fetch }));
    core.redirectUris = ['https://elsewhere.example/userref/callback'];
    expect(await codeOf(userref.startLogin())).toBe('login_request_refused');
    core.redirectUris = null;
    core.consentedFor = 'newsletter';
    const session = await userref.readSession((await signedIn(userref, core)).header);
    if (session === null) throw new Error('nobody is signed in');
    expect(await codeOf(userref.fetchAttributes(session, ['profile:name'], delivery))).toBe(
      'consent_required',
    );
  });

  it('signs for itself alone: its passports mean nothing to another one', async () => {
    const core = new FakeCore();
    const other = new FakeCore();
    const { verifyPassport } = createUserref(siteOf(other, { fetch: other.fetch }));
    expect(await codeOf(verifyPassport(await core.passport()))).toBe('passport_signature_invalid');
  });

  it('publishes events that end sessions, by webhook and for sites that ask', async () => {
    const core = new FakeCore();
    const userref = createUserref(siteOf(core, { fetch: core.fetch }));
    const jar = await signedIn(userref, core);
    const sent = await core.webhook({
      type: 'access.revoked',
      data: { user_ref: core.person.userRef, reason: 'user' },
    });
    await userref.handleWebhook(sent);
    expect(await userref.readSession(jar.header)).toBeNull();
    const page = await userref.fetchEvents();
    expect(page.events).toMatchObject([{ type: 'access.revoked', id: sent.headers['webhook-id'] }]);
    await userref.confirmPurge(page.events[0]?.id ?? '');
    expect(core.events.acknowledged).toEqual([page.events[0]?.id]);
  });
});

describe('a session cookie without a login', () => {
  it('is that of a signed-in visitor, as far as the site can tell', async () => {
    const options = siteOf(new FakeCore());
    const { header } = await sessionCookie(options, { consents: ['contact:email'], assuranceLevel: 'high' });
    expect(await createUserref(options).readSession(header)).toMatchObject({
      consents: ['contact:email'],
      assuranceLevel: 'high',
    });
  });

  it('is of no use at a site with another secret', async () => {
    const options = siteOf(new FakeCore());
    const { header } = await sessionCookie({ ...options, sessionSecret: `${SESSION_SECRET} of another` });
    expect((await createUserref(options).checkSession(header)).refusal).toBe('session_invalid');
  });

  it('signs a browser of Playwright in', async () => {
    const options = siteOf(new FakeCore());
    const cookies: { name: string; value: string; secure: boolean }[] = [];
    await signInBrowser({ addCookies: async (given) => void cookies.push(...given) }, options);
    expect(cookies).toMatchObject([
      { name: '__Host-userref', secure: true, httpOnly: true, url: options.baseUrl },
    ]);
    const header = `${cookies[0]?.name}=${cookies[0]?.value}`;
    expect(await createUserref(options).readSession(header)).not.toBeNull();
  });
});

describe('a served fake core', () => {
  it('sends a browser straight back, signed in', async () => {
    const { core, stop } = await serveFakeCore({ site: 'shop-b' });
    try {
      const userref = createUserref(siteOf(core, { baseUrl: 'http://localhost:4010' }));
      const started = await userref.startLogin({ returnTo: '/cart' });
      const answer = await fetch(started.url, { redirect: 'manual' });
      const cookieHeader = new CookieJar().store(started.setCookies).header;
      const url = answer.headers.get('location') ?? '';
      expect((await userref.finishLogin({ url, cookieHeader })).returnTo).toBe('/cart');
      const { logoutUrl } = await userref.endSession({ cookieHeader });
      const left = await fetch(logoutUrl, { redirect: 'manual' });
      expect(left.headers.get('location')).toBe('http://localhost:4010/');
      expect((await fetch(`${core.issuer}/elsewhere`)).status).toBe(404);
    } finally {
      await stop();
    }
  });
});

describe('a test webhook', () => {
  it('is refused under another secret', async () => {
    const core = new FakeCore();
    const userref = createUserref(siteOf(core));
    const event = { type: 'endpoint.test' } as const;
    expect(await userref.verifyWebhook(await testWebhook(event, core.webhookSecret))).toMatchObject(event);
    const other = await testWebhook(event, `whsec_${btoa('another secret of 24 bytes or more')}`);
    expect(await codeOf(userref.verifyWebhook(other))).toBe('webhook_signature_invalid');
  });
});
