import { randomBytes } from 'node:crypto';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SigningKeyRepository } from '../../src/core/oidc/signing-key-repository.ts';
import { SigningKeys } from '../../src/core/oidc/signing-keys.ts';
import { SecretBox } from '../../src/secrets/secret-box.ts';
import { Browser } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { startCore, TENANT } from '../support/running-core.ts';
import { ScriptedCell } from '../support/scripted-cell.ts';
import { startTcpSwitch, type TcpSwitch } from '../support/tcp-switch.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const CALLBACK = 'http://localhost:9/callback';
let database: TestDatabase;
let line: TcpSwitch;
let core: Awaited<ReturnType<typeof startCore>>;
let site: client.Configuration;
const cell = new ScriptedCell();

beforeAll(async () => {
  database = await createTestDatabase();
  line = await startTcpSwitch(Number(new URL(database.coreUrl).port));
  const throughLine = new URL(database.coreUrl);
  throughLine.port = String(line.port);
  core = await startCore({ coreUrl: throughLine.href, cell, port: await freePort() });
  const { secret } = await core.registerSite({ siteId: 'shop-a', redirectUris: [CALLBACK] });
  site = await client.discovery(new URL(core.url), 'shop-a', secret, undefined, {
    execute: [client.allowInsecureRequests],
  });
});
afterAll(async () => {
  line.restore();
  await core.close();
  await line.close();
  await database.drop();
});

async function login(browser = new Browser()) {
  const verifier = client.randomPKCECodeVerifier();
  const url = await client.buildAuthorizationUrlWithPAR(site, {
    redirect_uri: CALLBACK,
    scope: 'openid',
    state: 's',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const { url: back } = await browser.open(url.href, { stopAt: CALLBACK });
  return {
    back,
    exchange: () =>
      client.authorizationCodeGrant(site, back, { pkceCodeVerifier: verifier, expectedState: 's' }),
  };
}

describe('an address where there is nothing', () => {
  it.each([
    ['GET', '/nowhere'],
    ['POST', '/par'],
    ['GET', '/token'],
    ['GET', '/v1/nowhere'],
  ])('%s %s is 404: a problem for programs, a page for people', async (method, path) => {
    const problem = await fetch(core.url + path, { method, headers: { accept: 'application/json' } });
    expect(problem.status).toBe(404);
    expect(problem.headers.get('content-type')).toContain('application/problem+json');
    expect(problem.headers.get('cache-control')).toBe('no-store');
    expect(await problem.json()).toMatchObject({
      code: 'not_found',
      request_id: expect.stringMatching(/^[\w-]{36}$/),
    });
    const page = await fetch(core.url + path, { method, headers: { accept: 'text/html' } });
    expect([page.status, await page.text()]).toEqual([404, expect.stringContaining('<html')]);
  });

  it('takes nothing from a preflight of an endpoint that browsers use', async () => {
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' };
    const answer = await fetch(`${core.url}/token`, { method: 'OPTIONS', headers });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
  });
});

describe('while the database is away', () => {
  it('endpoints answer 503 with a time to come back, pages say so, and all recovers by itself', async () => {
    const { exchange } = await login();
    line.cut();
    const token = await fetch(`${core.url}/token/introspection`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'shop-a', client_secret: 'x', token: 'y' }),
    });
    // The site is remembered for a few seconds, so the answer may still be the refusal of its secret.
    expect([401, 503]).toContain(token.status);
    const page = await fetch(`${core.url}/auth?client_id=shop-z&scope=openid`, {
      headers: { accept: 'text/html' },
    });
    expect(page.status).toBe(503);
    expect(page.headers.get('retry-after')).toBe('2');
    expect(await page.text()).toContain('service_unavailable');
    await expect(exchange()).rejects.toThrow();
    expect((await fetch(`${core.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${core.url}/healthz`)).status).toBe(200);

    line.restore();
    const tokens = await exchange();
    expect(tokens.claims()?.sub).toMatch(/^ppid_/);
    expect((await fetch(`${core.url}/readyz`)).status).toBe(200);
  });
});

describe('signing keys', () => {
  it('rotate to the key that was published before, and keep publishing the retired one', async () => {
    const before = await (await login()).exchange();
    const published = await publishedKids();
    const keys = new SigningKeys({
      repository: new SigningKeyRepository(core.foundation.database, TENANT),
      secrets: core.secrets,
      tenantId: TENANT,
    });
    const signedWith = kidOf(before.id_token);
    expect((await keys.current()).active('ES256').kid).toBe(signedWith);
    await keys.rotate();
    const after = await keys.current();
    expect(published).toContain(after.active('ES256').kid);
    expect(after.active('ES256').kid).not.toBe(signedWith);
    expect(after.jwks.map((key) => key.kid)).toContain(signedWith);
  });

  it('open only with the core secret that sealed them', async () => {
    const keys = new SigningKeys({
      repository: new SigningKeyRepository(core.foundation.database, TENANT),
      secrets: new SecretBox(randomBytes(32)),
      tenantId: TENANT,
    });
    await expect(keys.current()).rejects.toMatchObject({ code: 'integrity_error' });
  });
});

describe('a restart of the core', () => {
  it('keeps sessions, pseudonyms and tokens', async () => {
    const browser = new Browser();
    const first = await (await login(browser)).exchange();
    const interactions = cell.requests.length;
    await core.close();
    const port = Number(new URL(core.url).port);
    core = await startCore({ coreUrl: database.coreUrl, cell, port, secrets: core.secrets });
    const second = await (await login(browser)).exchange();
    expect(second.claims()?.sub).toBe(first.claims()?.sub);
    expect(cell.requests.length).toBe(interactions);
    expect((await client.tokenIntrospection(site, first.access_token)).active).toBe(true);
  });
});

async function publishedKids(): Promise<string[]> {
  const { keys } = (await (await fetch(`${core.url}/jwks`)).json()) as { keys: { kid: string }[] };
  return keys.map((key) => key.kid);
}

function kidOf(jwt = ''): string {
  return JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()).kid;
}
