import { randomUUID } from 'node:crypto';
import * as client from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Browser } from '../support/browser.ts';
import { startCore } from '../support/running-core.ts';
import { ScriptedCell } from '../support/scripted-cell.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const BYE = 'http://localhost:9/bye';
let database: TestDatabase;
let core: Awaited<ReturnType<typeof startCore>>;
let sites: Record<string, client.Configuration>;
let browser: Browser;
const cell = new ScriptedCell();

beforeAll(async () => {
  database = await createTestDatabase();
  core = await startCore({ coreUrl: database.coreUrl, cell });
  sites = { 'shop-a': await register('shop-a'), 'shop-b': await register('shop-b') };
});
beforeEach(() => {
  browser = new Browser();
});
afterAll(async () => {
  await core.close();
  await database.drop();
});

async function register(siteId: string): Promise<client.Configuration> {
  const { secret } = await core.registerSite({
    siteId,
    redirectUris: [`http://localhost:9/${siteId}`],
    postLogoutRedirectUris: [BYE],
  });
  return client.discovery(new URL(core.url), siteId, secret, undefined, {
    execute: [client.allowInsecureRequests],
  });
}

async function login(siteId: string) {
  const config = sites[siteId] as client.Configuration;
  const callback = `http://localhost:9/${siteId}`;
  const verifier = client.randomPKCECodeVerifier();
  const url = await client.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: callback,
    scope: 'openid',
    state: 's',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const { url: back, response } = await browser.open(url.href, { stopAt: callback });
  if (!back.href.startsWith(callback)) return { page: await response.text(), at: back };
  const tokens = await client.authorizationCodeGrant(config, back, {
    pkceCodeVerifier: verifier,
    expectedState: 's',
  });
  return { tokens, sid: tokens.claims()?.sid as string };
}

/** Opens the sign-out page and presses one of its buttons. */
async function signOut(parameters: Record<string, string>, press: Record<string, string>) {
  const page = await browser.fetch(`${core.url}/session/end?${new URLSearchParams(parameters)}`);
  const xsrf = /name="xsrf" value="([0-9a-f]+)"/.exec(await page.text())?.[1] ?? '';
  return browser.fetch(`${core.url}/session/end/confirm`, {
    method: 'POST',
    body: new URLSearchParams({ xsrf, ...press }),
  });
}

const isAlive = async (siteId: string, token = '') =>
  (await client.tokenIntrospection(sites[siteId] as client.Configuration, token)).active;

async function revokedSids(): Promise<Record<string, string>> {
  const rows = await database.admin.query<{ site_id: string; body: Buffer }>(
    `select site_id, body from core.webhook_events where type = 'session.revoked' order by created_at`,
  );
  return Object.fromEntries(rows.map((row) => [row.site_id, JSON.parse(row.body.toString()).data.sid]));
}

describe('signing out at the core', () => {
  it('everywhere ends every token and tells every site of the session', async () => {
    const a = await login('shop-a');
    const b = await login('shop-b');
    const answer = await signOut(
      { client_id: 'shop-a', post_logout_redirect_uri: BYE, state: 'x' },
      { logout: 'yes' },
    );
    expect(answer.headers.get('location')).toBe(`${BYE}?state=x`);
    expect(await isAlive('shop-a', a.tokens?.access_token)).toBe(false);
    expect(await isAlive('shop-b', b.tokens?.access_token)).toBe(false);
    expect(await revokedSids()).toMatchObject({ 'shop-a': a.sid, 'shop-b': b.sid });
    const asked = cell.requests.length;
    await login('shop-a');
    expect(cell.requests.length).toBe(asked + 1);
  });

  it('of one site leaves the session to the others', async () => {
    const a = await login('shop-a');
    const b = await login('shop-b');
    await signOut({ client_id: 'shop-a', post_logout_redirect_uri: BYE }, {});
    expect(await isAlive('shop-a', a.tokens?.access_token)).toBe(false);
    expect(await isAlive('shop-b', b.tokens?.access_token)).toBe(true);
  });

  it('asks first: a link alone ends nothing', async () => {
    const a = await login('shop-a');
    await browser.fetch(`${core.url}/session/end?client_id=shop-a`);
    expect(await isAlive('shop-a', a.tokens?.access_token)).toBe(true);
  });

  it.each([
    ['ui_locales=fr-CA%20de', 'de', 'fr', 'ltr'],
    ['', 'da, he ;q=0.8, en;q=0.5', 'he', 'rtl'],
    ['ui_locales=xx%20__proto__', '', 'en', 'ltr'],
  ])(
    'asks in the language that the site (%s) or the browser (%s) wants',
    async (suggested, accepted, lang, dir) => {
      await login('shop-a');
      const page = await browser.fetch(`${core.url}/session/end?client_id=shop-a&${suggested}`, {
        headers: { 'accept-language': accepted },
      });
      expect(await page.text()).toContain(`<html lang="${lang}" dir="${dir}">`);
    },
  );

  it('takes no form that its own page did not make', async () => {
    const a = await login('shop-a');
    await browser.fetch(`${core.url}/session/end?client_id=shop-a`);
    const forged = await browser.fetch(`${core.url}/session/end/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ xsrf: '0'.repeat(48), logout: 'yes' }),
    });
    expect(forged.status).toBe(400);
    expect(await isAlive('shop-a', a.tokens?.access_token)).toBe(true);
  });

  it('leads to no address that the site has not registered', async () => {
    await login('shop-a');
    const page = await browser.fetch(
      `${core.url}/session/end?client_id=shop-a&post_logout_redirect_uri=https://evil.example/`,
      { headers: { accept: 'text/html' } },
    );
    expect(page.status).toBe(400);
  });
});

describe('another person in the same browser', () => {
  it('ends the first one’s session before it begins, by a form that posts itself under the policy', async () => {
    const first = await login('shop-a');
    const before = cell.script;
    const other = new ScriptedCell(randomUUID());
    cell.script = other.script;
    const config = sites['shop-b'] as client.Configuration;
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: 'http://localhost:9/shop-b',
      scope: 'openid',
      state: 's',
      prompt: 'login',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
    const { url: at, response } = await browser.open(url.href, { stopAt: 'http://localhost:9/' });
    cell.script = before;
    const html = await response.text();
    expect(at.href.startsWith(core.url)).toBe(true);
    const script = /<script>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
    const digest = Buffer.from(
      await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script)),
    ).toString('base64');
    expect(script).toContain('submit()');
    expect(response.headers.get('content-security-policy')).toContain(`'sha256-${digest}'`);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const done = await browser.fetch(`${core.url}/session/end/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    });
    expect(done.status).toBe(303);
    expect(await isAlive('shop-a', first.tokens?.access_token)).toBe(false);
    expect(Object.values(await revokedSids())).toContain(first.sid);
    const { url: back } = await browser.open(done.headers.get('location') ?? '', {
      stopAt: 'http://localhost:9/',
    });
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ code: expect.any(String) });
  });
});
