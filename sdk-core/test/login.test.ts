import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { memorySessionStore } from '../src/index.ts';
import { ACCESS_TOKEN, oauthError, SID, USER_REF } from '../testing/index.ts';
import { CookieJar } from './support/cookie-jar.ts';
import { codeOf, signedIn, useTestSite } from './support/site.ts';

const { core, clock, create } = useTestSite();

async function begun(userref = create(), jar = new CookieJar()) {
  const started = await userref.startLogin({ returnTo: '/checkout?step=2#pay', cookieHeader: jar.header });
  return { userref, jar: jar.store(started.setCookies), back: core.signIn(started.url), started };
}

describe('a step-up', () => {
  const levelOf = (level: string) => ({ v: 1, consents: [], assurance_level: level });

  it('asks for the level or a higher one, and for a new sign-in', async () => {
    await create().startLogin({ assuranceLevel: 'substantial' });
    expect(Object.fromEntries(core.callsTo('par')[0]?.body ?? [])).toMatchObject({
      acr_values: 'urn:userref:assurance:substantial urn:userref:assurance:high',
      prompt: 'login',
    });
  });

  it('asks for attributes in the same go', async () => {
    const asked = {
      attributes: ['contact:email'],
      purpose: 'order_delivery',
      assuranceLevel: 'high',
    } as const;
    await create().startLogin(asked);
    expect(core.callsTo('par')[0]?.body.get('prompt')).toBe('login consent');
  });

  it.each([
    ['high', 'high', 'signed in'],
    ['high', 'substantial', 'insufficient_user_authentication'],
    ['substantial', 'high', 'signed in'],
    ['substantial', 'low', 'insufficient_user_authentication'],
    ['low', 'low', 'signed in'],
  ] as const)('that asks for %s and gets %s: %s', async (assuranceLevel, given, outcome) => {
    core.bends.claims = { passport: levelOf(given) };
    const userref = create();
    const started = await userref.startLogin({ assuranceLevel });
    const cookieHeader = new CookieJar().store(started.setCookies).header;
    const finished = userref.finishLogin({ url: core.signIn(started.url).href, cookieHeader });
    expect(await codeOf(finished)).toBe(outcome === 'signed in' ? 'no error' : outcome);
  });
});

describe('a step-up that is misspelt', () => {
  it.each([
    [{ assuranceLevel: 'High' }],
    [{ assuranceLevel: null }],
    [{ maxAgeSeconds: Number.NaN }],
    [{ maxAgeSeconds: -1 }],
    [{ maxAgeSeconds: 1.5 }],
    [{ maxAgeSeconds: '300' }],
  ])('as %j begins no login, which would come back with whatever there is', async (asked) => {
    expect(await codeOf(create().startLogin(asked as never))).toBe('invalid_request');
  });

  it.each([Number.NaN, 'soon', -1])('as a longest age of %j lets no passport pass', async (maxAgeSeconds) => {
    const old = await core.passport({ auth_time: clock.seconds - 60 });
    const verified = create().verifyPassport(old, { maxAgeSeconds: maxAgeSeconds as number });
    expect(await codeOf(verified)).toBe('passport_too_old');
  });

  it('as a nonce that got lost lets no passport pass', async () => {
    const passport = await core.passport({ nonce: 'of somebody else' });
    const verified = create().verifyPassport(passport, { nonce: undefined as never });
    expect(await codeOf(verified)).toBe('passport_nonce_mismatch');
  });
});

describe('starting a login', () => {
  it('pushes the request with PKCE, state, nonce and the cell, and keeps it out of the address', async () => {
    const { started } = await begun();
    const [call] = core.callsTo('par');
    const { code_challenge: challenge, state, nonce, ...rest } = Object.fromEntries(call?.body ?? []);
    expect(rest).toEqual({
      client_id: 'shop-a',
      response_type: 'code',
      redirect_uri: 'https://shop.example/userref/callback',
      scope: 'openid',
      resource: 'https://cell.example.eu',
      code_challenge_method: 'S256',
    });
    expect([challenge, state, nonce].map((value) => value?.length)).toEqual([43, 43, 43]);
    expect(Object.keys(Object.fromEntries(new URL(started.url).searchParams)).sort()).toEqual([
      'client_id',
      'request_uri',
    ]);
  });

  it('puts the request into the address when the core takes no pushed ones', async () => {
    core.bends.discovery = { pushed_authorization_request_endpoint: undefined };
    const { started } = await begun();
    expect(new URL(started.url).searchParams.get('resource')).toBe(core.cell);
    expect(core.callsTo('par')).toHaveLength(0);
  });

  it('asks for attributes with their purpose, for consent, and passes on step-up and languages', async () => {
    await create().startLogin({
      attributes: ['address:shipping', 'contact:email'],
      purpose: 'order_delivery',
      maxAgeSeconds: 300,
      uiLocales: ['de', 'en', 'not a locale'],
    });
    expect(Object.fromEntries(core.callsTo('par')[0]?.body ?? [])).toMatchObject({
      scope: 'openid address:shipping contact:email',
      purpose: 'order_delivery',
      prompt: 'consent',
      max_age: '300',
      ui_locales: 'de en',
    });
  });

  it('passes on where to begin and what the person typed, and neither in an address', async () => {
    const wish = { firstScreen: 'register', loginHint: 'canary@example.test' } as const;
    const { url } = await create().startLogin(wish);
    expect(Object.fromEntries(core.callsTo('par')[0]?.body ?? [])).toMatchObject({
      ...{ first_screen: 'register', login_hint: 'canary@example.test' },
    });
    expect(url).not.toContain('canary');
    core.bends.discovery = { pushed_authorization_request_endpoint: undefined };
    const plain = new URL((await create().startLogin(wish)).url);
    expect(plain.searchParams.get('first_screen')).toBe('register');
    expect(plain.href).not.toContain('canary');
  });

  it('refuses attributes without a purpose, and names that are no attributes', async () => {
    const userref = create();
    expect(await codeOf(userref.startLogin({ attributes: ['contact:email'] }))).toBe('purpose_required');
    expect(await codeOf(userref.startLogin({ attributes: ['openid'], purpose: 'x_y' }))).toBe(
      'unknown_attribute',
    );
    expect(await codeOf(userref.startLogin({ attributes: ['contact:email'], purpose: 'A b' }))).toBe(
      'unknown_purpose',
    );
    expect(core.calls).toHaveLength(0);
  });

  it('says what the core answered when it refuses the request', async () => {
    core.bends.replies.par = () => oauthError('invalid_target', 400);
    await expect(create().startLogin()).rejects.toMatchObject({
      code: 'login_request_refused',
      detail: 'The core refused the login request: invalid_target.',
      isTransient: false,
    });
  });

  it('keeps at most five open logins of one browser and drops the oldest', async () => {
    const userref = create();
    const jar = new CookieJar();
    const names: string[] = [];
    for (let count = 0; count < 7; count += 1) {
      clock.seconds += 1;
      await begun(userref, jar);
      names.push(jar.names.at(-1) ?? '');
    }
    expect(jar.names).toEqual(names.slice(2));
  });
});

describe('finishing a login', () => {
  it('gives a session, the way back, and clears the transaction', async () => {
    const { userref, jar, back } = await begun();
    const { session, returnTo, setCookies } = await userref.finishLogin({
      url: back.href,
      cookieHeader: jar.header,
    });
    expect(returnTo).toBe('/checkout?step=2#pay');
    expect(session).toMatchObject({
      userRef: USER_REF,
      sid: SID,
      consents: ['profile:name'],
      assuranceLevel: 'substantial',
      issuedAt: clock.seconds,
      expiresAt: clock.seconds + 28_800,
    });
    expect(session.accessToken).toBe(ACCESS_TOKEN);
    expect(jar.store(setCookies).names).toEqual(['__Host-userref']);
    expect(await userref.readSession(jar.header)).toEqual(session);
  });

  it('sends the verifier, the exact redirect address and the cell with the code', async () => {
    const { userref, jar, back } = await begun();
    await userref.finishLogin({ url: back.pathname + back.search, cookieHeader: jar.header });
    expect(Object.fromEntries(core.callsTo('token')[0]?.body ?? [])).toMatchObject({
      grant_type: 'authorization_code',
      redirect_uri: 'https://shop.example/userref/callback',
      resource: 'https://cell.example.eu',
    });
  });

  it('lets two tabs sign in at once', async () => {
    const userref = create();
    const jar = new CookieJar();
    const first = await begun(userref, jar);
    const second = await begun(userref, jar);
    for (const { back } of [second, first]) {
      const { setCookies } = await userref.finishLogin({ url: back.href, cookieHeader: jar.header });
      jar.store(setCookies);
    }
    expect(jar.names).toEqual(['__Host-userref']);
  });

  it('takes no session cookie over from before: each login seals a new one', async () => {
    const userref = create();
    const jar = await signedIn(userref, core);
    const before = jar.get('__Host-userref');
    await signedIn(userref, core, jar);
    expect(jar.get('__Host-userref')).not.toBe(before);
  });

  it('remembers which purposes the visitor was asked about, for the same person only', async () => {
    const userref = create();
    const jar = await signedIn(userref, core);
    const ask = { attributes: ['address:shipping'], purpose: 'order_delivery', cookieHeader: jar.header };
    const started = await userref.startLogin(ask);
    jar.store(started.setCookies);
    const url = core.signIn(started.url).href;
    jar.store((await userref.finishLogin({ url, cookieHeader: jar.header })).setCookies);
    expect((await userref.readSession(jar.header))?.askedPurposes).toEqual({ order_delivery: clock.seconds });
    await signedIn(userref, core, jar);
    expect((await userref.readSession(jar.header))?.askedPurposes).toEqual({ order_delivery: clock.seconds });
    core.bends.claims = { sub: `${USER_REF.slice(0, -1)}2`, user_ref: `${USER_REF.slice(0, -1)}2` };
    await signedIn(userref, core, jar);
    expect((await userref.readSession(jar.header))?.askedPurposes).toEqual({});
  });
});

describe('a login that must not succeed', () => {
  async function refused(bend: (login: Awaited<ReturnType<typeof begun>>) => void | Promise<void>) {
    const login = await begun();
    await bend(login);
    const work = login.userref.finishLogin({ url: login.back.href, cookieHeader: login.jar.header });
    return { code: await codeOf(work), tokenCalls: core.callsTo('token').length };
  }

  it('in a browser that started none (login CSRF)', async () => {
    const { userref, back } = await begun();
    const work = userref.finishLogin({ url: back.href, cookieHeader: '' });
    expect(await codeOf(work)).toBe('login_state_missing');
    expect(core.callsTo('token')).toHaveLength(0);
  });

  it('with a transaction that a neighbouring host set, under a name that only looks like ours', async () => {
    const attacker = await begun();
    const finished = attacker.userref.finishLogin({
      url: attacker.back.href,
      cookieHeader: `a=1; \u00a0${attacker.jar.header}`,
    });
    expect(await codeOf(finished)).toBe('login_state_missing');
  });

  it('with the state of another browser', async () => {
    const victim = await begun();
    const attacker = await begun();
    const work = victim.userref.finishLogin({ url: attacker.back.href, cookieHeader: victim.jar.header });
    expect(await codeOf(work)).toBe('login_state_mismatch');
    expect(core.callsTo('token')).toHaveLength(0);
  });

  it('with the transaction of another browser under the right name', async () => {
    const attacker = await begun();
    const result = await refused(({ jar }) => {
      const [name = ''] = jar.names;
      jar.set(name, attacker.jar.get(attacker.jar.names[0] ?? ''));
    });
    expect(result).toEqual({ code: 'login_state_mismatch', tokenCalls: 0 });
  });

  it('with a transaction cookie that was changed', async () => {
    const result = await refused(({ jar }) => {
      const [name = ''] = jar.names;
      jar.set(
        name,
        jar.get(name).replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')),
      );
    });
    expect(result).toEqual({ code: 'login_state_mismatch', tokenCalls: 0 });
  });

  it.each([
    ['without a state', (back: URL) => back.searchParams.delete('state')],
    ['with a state that begins like ours', (back: URL) => endInX(back)],
    ['with two states', (back: URL) => back.searchParams.append('state', 'another')],
    ['with two codes', (back: URL) => back.searchParams.append('code', 'another')],
  ])('%s', async (_, bend) => {
    expect(await refused(({ back }) => bend(back))).toEqual({ code: 'login_state_mismatch', tokenCalls: 0 });
  });

  it.each([
    ['without an issuer', (back: URL) => back.searchParams.delete('iss')],
    ['of another issuer', (back: URL) => back.searchParams.set('iss', 'https://evil.example')],
    ['of almost the same issuer', (back: URL) => back.searchParams.set('iss', 'https://id.example.eu/')],
  ])('%s: the code never leaves (RFC 9207)', async (_, bend) => {
    expect(await refused(({ back }) => bend(back))).toEqual({ code: 'issuer_mismatch', tokenCalls: 0 });
  });

  function endInX(back: URL): void {
    back.searchParams.set('state', `${back.searchParams.get('state')?.slice(0, -1)}_`);
  }

  it('an hour later, which browsers keep the cookie to tell', async () => {
    const login = await begun();
    const [, maxAge] = /; Max-Age=(\d+);/.exec(login.started.setCookies[0] ?? '') ?? [];
    expect(Number(maxAge)).toBeGreaterThan(3601);
    clock.seconds += 3601;
    const work = login.userref.finishLogin({ url: login.back.href, cookieHeader: login.jar.header });
    await expect(work).rejects.toMatchObject({ code: 'login_expired', returnTo: '/checkout?step=2#pay' });
    expect(core.callsTo('token')).toHaveLength(0);
  });

  it('with the code used a second time', async () => {
    const { userref, jar, back } = await begun();
    const cookieHeader = jar.header;
    const finished = await userref.finishLogin({ url: back.href, cookieHeader });
    expect(await codeOf(userref.finishLogin({ url: back.href, cookieHeader }))).toBe('token_exchange_failed');
    const after = jar.store(finished.setCookies).header;
    expect(await codeOf(userref.finishLogin({ url: back.href, cookieHeader: after }))).toBe(
      'login_state_missing',
    );
  });

  it('when the person declined, and clears the transaction', async () => {
    const { userref, jar, back } = await begun();
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    const error = await userref
      .finishLogin({ url: back.href, cookieHeader: jar.header })
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'login_denied', detail: 'The core answered access_denied.' });
    expect(jar.store(error.setCookies).names).toEqual([]);
  });

  it('when the person declined to share: still signed in, and asked', async () => {
    const userref = create();
    const jar = await signedIn(userref, core);
    const ask = { attributes: ['address:shipping'], purpose: 'order_delivery', cookieHeader: jar.header };
    const started = await userref.startLogin(ask);
    jar.store(started.setCookies);
    const back = core.signIn(started.url);
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    const error = await userref
      .finishLogin({ url: back.href, cookieHeader: jar.header })
      .catch((thrown) => thrown);
    for (const text of [inspect(error), JSON.stringify(error), JSON.stringify({ ...error })])
      expect(text).not.toContain('__Host-userref');
    jar.store(error.setCookies);
    expect((await userref.readSession(jar.header))?.askedPurposes).toEqual({ order_delivery: clock.seconds });
  });

  it('when the person declined to share and the store is away: declined all the same', async () => {
    const jar = await signedIn(create(), core);
    const isRevoked = () => Promise.reject(new Error('store away'));
    const userref = create({ revocations: { ...memorySessionStore(), isRevoked } });
    const ask = { attributes: ['address:shipping'], purpose: 'order_delivery', cookieHeader: jar.header };
    const started = await userref.startLogin(ask);
    jar.store(started.setCookies);
    const back = core.signIn(started.url);
    back.searchParams.set('error', 'access_denied');
    const finished = userref.finishLogin({ url: back.href, cookieHeader: jar.header });
    await expect(finished).rejects.toMatchObject({ name: 'LoginFailedError', code: 'login_denied' });
  });

  it('without repeating a hostile error name', async () => {
    const result = await refused(({ back }) => {
      back.searchParams.set('error', '<script>');
    });
    expect(result.code).toBe('login_denied');
    const { userref, jar, back } = await begun();
    back.searchParams.set('error', '<script>');
    await expect(userref.finishLogin({ url: back.href, cookieHeader: jar.header })).rejects.toMatchObject({
      detail: 'The core answered unknown_error.',
    });
  });

  it('with neither code nor error', async () => {
    expect((await refused(({ back }) => back.searchParams.delete('code'))).code).toBe('login_denied');
  });

  it.each([
    ['passport_nonce_mismatch', { nonce: 'of another login' }],
    ['passport_issuer_invalid', { iss: 'https://evil.example' }],
    ['passport_audience_invalid', { aud: 'shop-b' }],
    ['passport_audience_invalid', { aud: ['shop-a', 'shop-b'], azp: 'shop-a' }],
    ['passport_expired', { iat: 1_767_000_000, auth_time: 1_767_000_000, exp: 1_767_000_060 }],
    ['passport_claim_missing', { sid: undefined }],
    ['passport_claim_missing', { exp: undefined }],
    ['passport_claim_invalid', { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }],
  ])('with %s', async (code, claims) => {
    core.bends.claims = claims;
    expect((await refused(() => undefined)).code).toBe(code);
  });

  it('with a passport that a stranger signed, or nobody', async () => {
    core.bends.signWith = 'es256Stranger';
    expect((await refused(() => undefined)).code).toBe('passport_signature_invalid');
    core.bends.signWith = 'nothing';
    core.bends.header = { alg: 'none' };
    expect((await refused(() => undefined)).code).toBe('passport_alg_not_allowed');
  });

  it('with a passport that is no passport, or none at all', async () => {
    core.bends.tokens = { id_token: 'not.a.passport' };
    expect((await refused(() => undefined)).code).toBe('passport_malformed');
    core.bends.tokens = { id_token: undefined };
    expect((await refused(() => undefined)).code).toBe('token_exchange_failed');
  });

  it('with an access token of another type', async () => {
    core.bends.tokens = { token_type: 'DPoP' };
    expect((await refused(() => undefined)).code).toBe('token_exchange_failed');
  });

  it.each([{ token_type: 'mac' }, { token_type: 7 }, { expires_in: 'soon' }])(
    'with an unusable token response %j, whose tokens show up in no log',
    async (tokens) => {
      core.bends.tokens = tokens;
      const { userref, jar, back } = await begun();
      const error = await userref
        .finishLogin({ url: back.href, cookieHeader: jar.header })
        .catch((thrown) => thrown);
      expect(error.code).toBe('token_exchange_failed');
      const logged = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error);
      expect(logged).not.toContain(ACCESS_TOKEN);
      expect(logged).not.toContain('eyJ');
      expect(logged).not.toContain(back.searchParams.get('code'));
    },
  );

  it('with a wrong site secret, and tells nothing of it', async () => {
    const userref = create({ siteSecret: 'wrong-secret' });
    const atStart = await userref.startLogin().catch((thrown) => thrown);
    expect(atStart).toMatchObject({
      code: 'login_request_refused',
      detail: 'The core refused the login request: invalid_client.',
      fix: expect.stringContaining('siteSecret'),
    });
    const { jar, back } = await begun();
    const atEnd = await userref
      .finishLogin({ url: back.href, cookieHeader: jar.header })
      .catch((thrown) => thrown);
    expect(atEnd).toMatchObject({
      code: 'token_exchange_failed',
      detail: 'The core answered invalid_client.',
    });
    for (const { message, fix } of [atStart, atEnd]) expect(message + fix).not.toContain('wrong-secret');
  });

  it('while the core is away: transient, and the transaction is over', async () => {
    core.bends.replies.token = () => Response.error();
    const login = await begun();
    const work = login.userref.finishLogin({ url: login.back.href, cookieHeader: login.jar.header });
    await expect(work).rejects.toMatchObject({ code: 'network_failed', isTransient: true });
    core.bends.replies.token = () => oauthError('temporarily_unavailable', 503);
    const again = await begun();
    const second = again.userref.finishLogin({ url: again.back.href, cookieHeader: again.jar.header });
    await expect(second).rejects.toMatchObject({ code: 'token_exchange_failed', isTransient: true });
  });

  it('when the person signed in too long ago for what was asked', async () => {
    const userref = create();
    const jar = new CookieJar();
    const started = await userref.startLogin({ maxAgeSeconds: 60 });
    jar.store(started.setCookies);
    core.bends.claims = { auth_time: clock.seconds - 300 };
    const url = core.signIn(started.url).href;
    expect(await codeOf(userref.finishLogin({ url, cookieHeader: jar.header }))).toBe('passport_too_old');
  });
});
