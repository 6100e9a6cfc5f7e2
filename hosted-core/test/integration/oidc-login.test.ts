import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../support/browser.ts';
import { startCore } from '../support/running-core.ts';
import { ScriptedCell } from '../support/scripted-cell.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const CALLBACK_A = 'http://localhost:9/a/callback';
const CALLBACK_B = 'http://localhost:9/b/callback';
const PURPOSE = {
  purposeId: 'order_delivery',
  version: 1,
  maxDurationDays: 90,
  texts: { en: { title: 'Deliver your order', description: 'To bring you what you ordered.' } },
};

let database: TestDatabase;
let core: Awaited<ReturnType<typeof startCore>>;
const cell = new ScriptedCell();
let siteA: client.Configuration;
let siteB: client.Configuration;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await startCore({ coreUrl: database.coreUrl, cell });
  siteA = await configure('shop-a', CALLBACK_A);
  siteB = await configure('shop-b', CALLBACK_B, client.ClientSecretPost);
});
afterAll(async () => {
  await core.close();
  await database.drop();
});

async function configure(
  siteId: string,
  callback: string,
  auth: (secret: string) => client.ClientAuth = client.ClientSecretBasic,
) {
  const { secret } = await core.registerSite({
    siteId,
    redirectUris: [callback],
    attributeScopes: ['address:shipping', 'contact:email'],
    purposes: [PURPOSE],
  });
  return client.discovery(new URL(core.url), siteId, undefined, auth(secret), {
    execute: [client.allowInsecureRequests],
  });
}

interface LoginOptions {
  readonly browser?: Browser;
  readonly callback?: string;
  readonly parameters?: Record<string, string>;
}

/** Goes to the core and back; resolves with the callback address and what the exchange needs. */
async function authorize(config: client.Configuration, options: LoginOptions = {}) {
  const { browser = new Browser(), callback = CALLBACK_A, parameters = {} } = options;
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const url = await client.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: callback,
    scope: 'openid',
    resource: cell.resource,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  const back = await browser.open(url.href, { stopAt: 'http://localhost:9/' });
  return {
    back: back.url,
    checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce },
    browser,
  };
}

async function login(config: client.Configuration, options: LoginOptions = {}) {
  const { back, checks, browser } = await authorize(config, options);
  const tokens = await client.authorizationCodeGrant(config, back, { ...checks, idTokenExpected: true });
  return { tokens, claims: tokens.claims() as client.IDToken & Record<string, unknown>, browser };
}

describe('login', () => {
  it('gives each site a pseudonym of its own, the same at the next login', async () => {
    const first = await login(siteA);
    const second = await login(siteB, { browser: first.browser, callback: CALLBACK_B });
    const again = await login(siteA);
    expect(first.claims.sub).toMatch(/^ppid_[a-z2-7]{26}$/);
    expect(first.claims.user_ref).toBe(first.claims.sub);
    expect(second.claims.sub).not.toBe(first.claims.sub);
    expect(again.claims.sub).toBe(first.claims.sub);
  });

  it('needs no page when the person is signed in already', async () => {
    const { browser } = await login(siteA);
    const before = cell.requests.length;
    await login(siteB, { browser, callback: CALLBACK_B });
    expect(cell.requests.length).toBe(before);
  });

  it('issues a passport as the contract says', async () => {
    const { tokens, claims } = await login(siteA);
    const header = JSON.parse(Buffer.from(tokens.id_token?.split('.')[0] ?? '', 'base64url').toString());
    expect(header).toEqual({ alg: 'ES256', typ: 'JWT', kid: expect.any(String) });
    expect(claims).toEqual({
      iss: core.url,
      aud: 'shop-a',
      sub: expect.any(String),
      user_ref: claims.sub,
      passport: { v: 1, consents: expect.any(Array), assurance_level: 'low' },
      tenant: 'default',
      site: 'shop-a',
      sid: expect.any(String),
      acr: 'urn:userref:assurance:low',
      auth_time: expect.any(Number),
      nonce: expect.any(String),
      status: {
        status_list: {
          idx: expect.any(Number),
          uri: expect.stringMatching(new RegExp(`^${core.url}/status/[a-z2-7]{26}$`)),
        },
      },
      iat: expect.any(Number),
      exp: (claims.iat as number) + 3600,
    });
  });

  it('lets userinfo name the same pseudonym to clients that ask for no resource', async () => {
    const { back, checks } = await authorize(siteA, { parameters: { resource: '' } });
    const tokens = await client.authorizationCodeGrant(siteA, back, checks);
    const info = await client.fetchUserInfo(siteA, tokens.access_token, tokens.claims()?.sub ?? '');
    expect(info).toEqual({ sub: tokens.claims()?.sub });
  });

  it('publishes two signing keys an algorithm and no private part', async () => {
    const jwks = (await (await fetch(`${core.url}/jwks`)).json()) as { keys: Record<string, unknown>[] };
    expect(jwks.keys.filter((key) => key.alg === 'ES256')).toHaveLength(2);
    for (const key of jwks.keys) expect(key).not.toHaveProperty('d');
  });

  it('names its cell in the discovery document', async () => {
    expect(siteA.serverMetadata().protected_resources).toEqual([cell.resource]);
  });
});

describe('consent in a login', () => {
  const wanted = { scope: 'openid address:shipping', purpose: 'order_delivery', prompt: 'consent' };

  it('is asked for in the cell, and the passport names what was granted', async () => {
    const { tokens, claims } = await login(siteA, { parameters: wanted });
    expect(cell.requests.at(-1)).toMatchObject({
      kind: 'consent',
      ask: { attributes: ['address:shipping'], purpose: PURPOSE },
      site: { siteId: 'shop-a', origin: 'http://localhost:9' },
    });
    expect(claims.passport).toMatchObject({ consents: ['address:shipping'] });
    expect(tokens.scope).toBe('address:shipping');
  });

  it.each([
    ['no purpose', { scope: 'openid address:shipping' }, 'invalid_request'],
    ['an unknown purpose', { scope: 'openid address:shipping', purpose: 'selling_it' }, 'invalid_request'],
    [
      'an attribute that the site is not registered for',
      { scope: 'openid profile:name', purpose: 'order_delivery' },
      'invalid_scope',
    ],
    ['another resource', { resource: 'https://elsewhere.example' }, 'invalid_target'],
  ])('is refused with %s', async (_name, parameters, error) => {
    await expect(authorize(siteA, { parameters })).rejects.toMatchObject({ error });
  });
});

describe('codes and tokens', () => {
  it('exchange once, however many try at the same time, and losing the race kills the winner too', async () => {
    const { back, checks } = await authorize(siteA);
    const exchange = () =>
      client.authorizationCodeGrant(siteA, back, checks).then(
        (tokens) => tokens,
        (error: client.ResponseBodyError) => error.error,
      );
    const results = await Promise.all(Array.from({ length: 20 }, exchange));
    const won = results.filter((one) => typeof one !== 'string');
    expect(results.filter((one) => one === 'invalid_grant')).toHaveLength(20 - won.length);
    expect(won.length).toBeLessThanOrEqual(1);
    for (const tokens of won) {
      const { active } = await client.tokenIntrospection(siteA, tokens.access_token);
      expect(active).toBe(false);
    }
  });

  it('die when their code is replayed later', async () => {
    const { back, checks } = await authorize(siteA);
    const tokens = await client.authorizationCodeGrant(siteA, back, checks);
    expect((await client.tokenIntrospection(siteA, tokens.access_token)).active).toBe(true);
    await expect(client.authorizationCodeGrant(siteA, back, checks)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect((await client.tokenIntrospection(siteA, tokens.access_token)).active).toBe(false);
  });

  it('are bound to the cell and to the site that got them', async () => {
    const { tokens, claims } = await login(siteA);
    const own = await client.tokenIntrospection(siteA, tokens.access_token);
    expect(own).toMatchObject({ active: true, aud: cell.resource, sub: claims.sub, client_id: 'shop-a' });
    expect(await client.tokenIntrospection(siteB, tokens.access_token)).toEqual({ active: false });
  });

  it('rotate refresh tokens, and a reused one takes the whole family down', async () => {
    const offline = { scope: 'openid offline_access', prompt: 'consent' };
    const { tokens } = await login(siteA, { parameters: offline });
    const next = await client.refreshTokenGrant(siteA, tokens.refresh_token ?? '', {
      resource: cell.resource,
    });
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    expect(next.claims()?.sub).toBe(tokens.claims()?.sub);
    await expect(client.refreshTokenGrant(siteA, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(client.refreshTokenGrant(siteA, next.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('can be revoked by their site at once', async () => {
    const { tokens } = await login(siteA);
    await client.tokenRevocation(siteA, tokens.access_token);
    expect((await client.tokenIntrospection(siteA, tokens.access_token)).active).toBe(false);
  });

  it('are stored as hashes: nothing in the database opens anything', async () => {
    const { tokens, browser } = await login(siteA, {
      parameters: { scope: 'openid offline_access', prompt: 'consent' },
    });
    const rows = await database.admin.query<{ line: string }>(
      'select a::text as line from core.oidc_artifacts a',
    );
    const dump = rows.map((row) => row.line).join('\n');
    const session =
      [...browser.cookies].find(([name]) => name.startsWith('userref_core|'))?.[1].value ?? 'none';
    expect(dump).toContain('shop-a');
    for (const secret of [tokens.access_token, tokens.refresh_token ?? '', session]) {
      expect(secret.length).toBeGreaterThan(20);
      expect(dump).not.toContain(secret);
    }
  });

  it('keep no login hint, in a pushed request or in a waiting login', async () => {
    const hint = 'canary.hint@example.test';
    await authorize(siteA, { parameters: { login_hint: hint } });
    const paused = new ScriptedCell();
    const rows = await database.admin.query<{ line: string }>(
      'select a::text as line from core.oidc_artifacts a',
    );
    const dump = rows.map((row) => row.line).join('\n');
    const decoded = (dump.match(/[A-Za-z0-9_-]{40,}/g) ?? []).map((text) =>
      Buffer.from(text, 'base64url').toString(),
    );
    expect(paused.requests).toEqual([]);
    expect([dump, ...decoded].join('\n')).not.toContain(hint);
  });
});

describe('requests that must not work', () => {
  const base = () => ({
    client_id: 'shop-a',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: CALLBACK_A,
    state: 's',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
  const send = async (parameters: Record<string, string>) => {
    const response = await fetch(`${core.url}/auth?${new URLSearchParams(parameters)}`, {
      redirect: 'manual',
      headers: { accept: 'text/html' },
    });
    return {
      status: response.status,
      location: response.headers.get('location'),
      body: await response.text(),
    };
  };

  it.each([
    ['an unknown site', { client_id: 'nobody' }],
    ['another path', { redirect_uri: 'http://localhost:9/a/other' }],
    ['a path below', { redirect_uri: `${CALLBACK_A}/x` }],
    ['a dotted path', { redirect_uri: 'http://localhost:9/a/x/../callback' }],
    ['an extra query', { redirect_uri: `${CALLBACK_A}?x=1` }],
    ['a fragment', { redirect_uri: `${CALLBACK_A}#x` }],
    ['another host', { redirect_uri: 'http://evil.example/a/callback' }],
    ['a host before an at sign', { redirect_uri: 'http://localhost:9@evil.example/a/callback' }],
    ['another case', { redirect_uri: 'http://localhost:9/A/callback' }],
    ['another port', { redirect_uri: 'http://localhost:90/a/callback' }],
  ])('%s gets an error page, never a redirect', async (_name, change) => {
    const answer = await send({ ...base(), ...change });
    expect(answer).toMatchObject({ status: 400, location: null });
    expect(answer.body).toContain('<h1>');
  });

  it.each([
    ['no PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['PKCE in plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
    ['the hybrid flow', { response_type: 'code id_token', nonce: 'n' }, 'unsupported_response_type'],
    ['no session with prompt=none', { prompt: 'none' }, 'login_required'],
  ])('%s comes back to the site as an error with iss', async (_name, change, error) => {
    const { location } = await send({ ...base(), ...change });
    const back = new URL(location ?? '');
    const answer = new URLSearchParams(back.search || back.hash.slice(1));
    expect(Object.fromEntries(answer)).toMatchObject({ error, iss: core.url, state: 's' });
  });

  it('an outcome code in a browser that did not start the login is refused', async () => {
    const starter = new Browser();
    const started = await starter.fetch(`${core.url}/auth?${new URLSearchParams(base())}`);
    const handedOver = started.headers.get('location') ?? '';
    const stranger = await new Browser().fetch(handedOver);
    expect(stranger.status).toBe(404);
    const own = await starter.fetch(handedOver);
    expect(own.status).toBe(303);
  });

  it('pages forbid framing, scripts and guessing of types', async () => {
    const response = await fetch(`${core.url}/auth?client_id=nobody`, { headers: { accept: 'text/html' } });
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toContain('no-store');
  });
});

describe('a site that the operator exempted from PKCE', () => {
  it('logs in without, and only that site', async () => {
    const { secret } = await core.registerSite({
      siteId: 'old-forum',
      redirectUris: [CALLBACK_A],
      pkceRequired: false,
    });
    const config = await client.discovery(new URL(core.url), 'old-forum', secret, undefined, {
      execute: [client.allowInsecureRequests],
    });
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK_A,
      scope: 'openid',
      state: 's',
    });
    const { url: back } = await new Browser().open(url.href, { stopAt: 'http://localhost:9/' });
    const tokens = await client.authorizationCodeGrant(config, back, { expectedState: 's' });
    expect(tokens.claims()?.sub).toMatch(/^ppid_/);
  });
});
