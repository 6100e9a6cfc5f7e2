import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../support/browser.ts';
import { NO_PREVIEWS, PREVIEWED_SITE } from '../support/preview-addresses.ts';
import {
  type Core,
  NOT_REGISTERED,
  OTHER_PREVIEW,
  PREVIEW,
  portOf,
  push,
  REGISTERED,
  type RegisteredSite,
  register,
  setPatterns,
} from '../support/previewed-site.ts';
import { startCore } from '../support/running-core.ts';
import { ScriptedCell } from '../support/scripted-cell.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const cell = new ScriptedCell();

/** Goes to the core and on; stops at the first address of a site, or where there is no redirect. */
async function follow(url: URL, browser = new Browser()) {
  return browser.open(url.href, { stopAt: 'https://' });
}

async function refusalOf(url: URL) {
  const { url: last, response } = await follow(url);
  return {
    stayed: last.origin === url.origin,
    status: response.status,
    location: response.headers.get('location'),
  };
}
const REFUSED_BY_A_PAGE = { stayed: true, status: 400, location: null };

describe('previews in test mode', () => {
  let database: TestDatabase;
  let core: Core;
  let shop: RegisteredSite;
  let other: RegisteredSite;

  beforeAll(async () => {
    database = await createTestDatabase();
    core = await startCore({ coreUrl: database.coreUrl, cell, mode: 'test' });
    shop = await register(core, 'shop', PREVIEWED_SITE.previewPatterns);
    other = await register(core, 'other', []);
  });
  afterAll(async () => {
    await core?.close();
    await database?.drop();
  });

  async function login(redirectUri: string, browser = new Browser()) {
    const { url, verifier, state } = await push(core, shop, redirectUri);
    const { url: back } = await follow(url, browser);
    return { back, verifier, state };
  }

  it('sign people in at their own address, as whom the site knows them', async () => {
    const userRefs: unknown[] = [];
    for (const address of [REGISTERED, PREVIEW, OTHER_PREVIEW]) {
      const { back, verifier, state } = await login(address);
      expect(back.href.split('?')[0]).toBe(address);
      expect(back.searchParams.get('iss')).toBe(core.url);
      const checks = { pkceCodeVerifier: verifier, expectedState: state };
      const tokens = await client.authorizationCodeGrant(shop.config, back, checks);
      userRefs.push(tokens.claims()?.user_ref);
    }
    expect(new Set(userRefs).size).toBe(1);
  });

  it('show people the address that they go on to', async () => {
    await login(PREVIEW);
    const { site, formTargets } = cell.requests.at(-1) as (typeof cell.requests)[number];
    expect(site.origin).toBe('https://pr-123--shop.preview.example');
    expect(formTargets).toContain('https://pr-123--shop.preview.example');
    await login(REGISTERED);
    expect(cell.requests.at(-1)?.site.origin).toBe('https://shop.example');
  });

  it('hear that a person turned back, with the state and the issuer', async () => {
    const { script } = cell;
    cell.script = () => ({ result: 'cancelled', reason: 'by the person' });
    const { back, state } = await login(PREVIEW).finally(() => {
      cell.script = script;
    });
    expect(back.href.split('?')[0]).toBe(PREVIEW);
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      ...{ error: 'access_denied', state, iss: core.url },
    });
  });

  it('are named in the discovery document by its mode', async () => {
    const discovery = await (await fetch(`${core.url}/.well-known/openid-configuration`)).json();
    expect(discovery).toMatchObject({ userref_mode: 'test' });
  });

  it.each(NO_PREVIEWS)('are no way to send a code to what has %s', async (_what, address) => {
    const { status, why } = await push(core, shop, address);
    expect([status, why]).toEqual([400, NOT_REGISTERED]);
  });

  it('are of their site alone', async () => {
    expect(await push(core, other, PREVIEW)).toMatchObject({ status: 400, why: NOT_REGISTERED });
    const { url } = await push(core, shop, PREVIEW);
    url.searchParams.set('client_id', 'other');
    expect(await refusalOf(url)).toEqual(REFUSED_BY_A_PAGE);
  });

  it('are named by the site itself: a link that somebody made up is refused', async () => {
    const url = new URL(`${core.url}/auth`);
    const request = { client_id: 'shop', response_type: 'code', scope: 'openid', state: 's' };
    const challenge = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' };
    url.search = String(new URLSearchParams({ ...request, ...challenge, redirect_uri: PREVIEW }));
    expect(await refusalOf(url)).toEqual(REFUSED_BY_A_PAGE);
    url.searchParams.set('redirect_uri', REGISTERED);
    expect((await follow(url)).url.href).toContain(REGISTERED);
  });

  it('cannot be pushed without the secret of the site', async () => {
    expect(await push(core, { ...shop, secret: other.secret }, PREVIEW)).toMatchObject({ status: 401 });
    expect(await push(core, { ...shop, secret: '' }, PREVIEW)).toMatchObject({ status: 400 });
  });

  it('are what was pushed, whatever the link says beside it', async () => {
    const { url } = await push(core, shop, PREVIEW);
    url.searchParams.set('redirect_uri', OTHER_PREVIEW);
    url.searchParams.set('state', 'of somebody else');
    const { url: last } = await follow(url);
    expect(last.href).not.toContain(OTHER_PREVIEW);
    expect(last.searchParams.get('state')).not.toBe('of somebody else');
  });

  it('take a pushed request once, and only while it is fresh', async () => {
    const used = await push(core, shop, PREVIEW);
    expect((await follow(used.url)).url.href).toContain(PREVIEW);
    expect((await refusalOf(used.url)).location).toBe(null);
    expect((await refusalOf(used.url)).stayed).toBe(true);

    const stale = await push(core, shop, PREVIEW);
    await database.admin.query("update core.oidc_artifacts set expires_at = now() - interval '1 minute'");
    expect(await refusalOf(stale.url)).toEqual(REFUSED_BY_A_PAGE);
  });

  it('make a stolen code useless: it takes their own verifier, address and site', async () => {
    const stolen = async (
      take: (back: URL, checks: client.AuthorizationCodeGrantChecks) => Promise<unknown>,
    ) => {
      const { back, verifier, state } = await login(PREVIEW);
      await expect(take(back, { pkceCodeVerifier: verifier, expectedState: state })).rejects.toThrow();
    };
    await stolen((back, checks) =>
      client.authorizationCodeGrant(shop.config, back, {
        ...checks,
        pkceCodeVerifier: client.randomPKCECodeVerifier(),
      }),
    );
    await stolen((back, checks) =>
      client.authorizationCodeGrant(shop.config, new URL(OTHER_PREVIEW + back.search), checks),
    );
    await stolen((back, checks) =>
      client.authorizationCodeGrant(shop.config, new URL(REGISTERED + back.search), checks),
    );
    await stolen((back, checks) => client.authorizationCodeGrant(other.config, back, checks));
  });

  it('are no place that a sign-out leads to', async () => {
    for (const address of ['https://pr-123--shop.preview.example/', 'https://pr-123--shop.preview.example']) {
      const url = new URL(`${core.url}/session/end`);
      url.search = String(new URLSearchParams({ client_id: 'shop', post_logout_redirect_uri: address }));
      expect(await refusalOf(url)).toEqual(REFUSED_BY_A_PAGE);
    }
  });

  it('can be changed and taken away, which is in the log', async () => {
    const site = await register(core, 'changing', PREVIEWED_SITE.previewPatterns);
    await setPatterns(core, 'changing', []);
    const entries = await database.admin.query(
      `select data from core.audit_events where site_id = 'changing' and action = 'site.changed'`,
    );
    expect(entries).toEqual([{ data: { preview_patterns: [] } }]);
    await expect.poll(async () => (await push(core, site, PREVIEW)).status, { interval: 500 }).toBe(400);
    await expect(setPatterns(core, 'nobody', [])).rejects.toMatchObject({ code: 'not_found' });
  });

  it('keep the tenant in its mode', async () => {
    await expect(startCore({ coreUrl: database.coreUrl, cell, port: portOf(core) })).rejects.toThrow(
      /set up in test mode, but USERREF_MODE is live/,
    );
    await expect(database.admin.query(`update core.tenants set mode = 'live'`)).rejects.toThrow(
      /foreign key/,
    );
    const change = "update core.tenants set mode = 'live'";
    await expect(database.core.query(change)).rejects.toMatchObject({ code: '42501' });
  });
});
