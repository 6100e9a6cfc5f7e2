import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../support/browser.ts';
import { startCore } from '../support/running-core.ts';
import { ScriptedCell } from '../support/scripted-cell.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const CALLBACK = 'http://localhost:9/callback';
const HINT = 'canary.wish@example.test';

let database: TestDatabase;
let core: Awaited<ReturnType<typeof startCore>>;
let site: client.Configuration;
const cell = new ScriptedCell();
beforeAll(async () => {
  database = await createTestDatabase();
  core = await startCore({ coreUrl: database.coreUrl, cell });
  const { secret } = await core.registerSite({ siteId: 'shop', redirectUris: [CALLBACK] });
  site = await client.discovery(new URL(core.url), 'shop', undefined, client.ClientSecretBasic(secret), {
    execute: [client.allowInsecureRequests],
  });
});
afterAll(async () => {
  await core.close();
  await database.drop();
});

async function request(wishes: Record<string, string>) {
  return {
    ...{ redirect_uri: CALLBACK, scope: 'openid', state: 's', code_challenge_method: 'S256' },
    code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
    ...wishes,
  };
}

const push = async (wishes: Record<string, string>) =>
  client.buildAuthorizationUrlWithPAR(site, await request(wishes));

/** Opens the address, and answers with what the cell was asked then. */
async function asked(url: URL) {
  await new Browser().open(url.href, { stopAt: CALLBACK });
  return cell.requests.at(-1);
}

/** Every row of the core, and everything that is readable in it after one decoding. */
async function dump(): Promise<string> {
  const rows = await database.admin.query<{ line: string }>(
    'select a::text as line from core.oidc_artifacts a',
  );
  const text = rows.map(({ line }) => line).join('\n');
  const decoded = (text.match(/[A-Za-z0-9_+/-]{20,}/g) ?? []).map((one) =>
    Buffer.from(one, 'base64').toString('utf8'),
  );
  return [text, ...decoded].join('\n');
}

describe('What a site wishes for a sign-in', () => {
  it('reaches the cell from a pushed request: languages, first screen, login hint', async () => {
    const url = await push({ login_hint: HINT, first_screen: 'register', ui_locales: 'ru en' });
    expect(url.href).not.toContain('canary');
    expect(await asked(url)).toMatchObject({
      ...{ loginHint: HINT, firstScreen: 'register', uiLocales: ['ru', 'en'] },
    });
  });

  it('reaches the cell from a plain request, too', async () => {
    const url = client.buildAuthorizationUrl(
      site,
      await request({ login_hint: HINT, first_screen: 'reset_password' }),
    );
    expect(await asked(url)).toMatchObject({ loginHint: HINT, firstScreen: 'reset_password' });
  });

  it.each([
    ['a first screen that does not exist', { first_screen: 'nonsense' }],
    ['a hint longer than an address can be', { login_hint: 'x'.repeat(321) }],
    ['an empty hint', { login_hint: '' }],
  ])('fails no login: %s is left out', async (_what, wishes) => {
    const heard = await asked(await push(wishes));
    expect(heard?.kind).toBe('login');
    expect(heard).not.toHaveProperty('firstScreen');
    expect(heard).not.toHaveProperty('loginHint');
  });

  it('is in no row of the core in the clear: not while it waits, and not afterwards', async () => {
    const url = await push({ login_hint: HINT });
    expect(await dump()).toContain('sealedHint');
    expect(await dump()).not.toContain('canary');
    // While the person is at the cell, and when they came back.
    const answer = await fetch(url, { redirect: 'manual' });
    expect(answer.status).toBe(303);
    expect(await dump()).toContain('Interaction');
    expect(await dump()).not.toContain('canary');
    await asked(await push({ login_hint: HINT }));
    expect(await dump()).not.toContain('canary');
  });

  it('opens with the reference of the pushed request alone', async () => {
    await database.admin.query('delete from core.oidc_artifacts');
    const urls = [await push({ login_hint: HINT }), await push({ login_hint: 'somebody.else' })];
    await database.admin.query(
      `update core.oidc_artifacts a set payload = jsonb_set(a.payload, '{sealedHint}', b.payload -> 'sealedHint')
       from core.oidc_artifacts b where b.id_sha256 <> a.id_sha256`,
    );
    const before = cell.requests.length;
    for (const url of urls) await new Browser().open(url.href, { stopAt: CALLBACK });
    expect(cell.requests.length).toBe(before);
  });
});
