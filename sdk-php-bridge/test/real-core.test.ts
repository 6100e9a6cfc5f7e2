import { join } from 'node:path';
import {
  type DevelopmentSite,
  type DevelopmentSiteWish,
  ensureDevelopmentSites,
} from '@userref/hosted-core/development';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RealCore, startRealCore } from '../../examples/demo/test/support/real-core.ts';
import { visit } from '../../hosted-core/bench/client/page-visitor.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { freePort } from '../../hosted-core/test/support/free-port.ts';
import { ensurePhp } from './support/php.ts';
import { startPhpServer } from './support/php-server.ts';
import {
  type Answer,
  jar,
  newFolder,
  removeFolders,
  type SiteAtCore,
  siteEnvironment,
  startTestBridge,
  type TestBridge,
} from './support/test-bridge.ts';

const noPhp = ensurePhp();
const PURPOSE = 'order_delivery';
const ORDER = { names: ['address:shipping'], purpose: PURPOSE, order_ref: 'order-1' };
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();

/** The bridge with the real core and cell, on their own database. Each test goes on where the one before stopped. */
describe('the bridge with the real core', () => {
  let core: RealCore;
  let bridge: TestBridge;
  let browser: Browser;
  let handle: string;
  let userRef: string;
  let sealed: string;

  const start = (site: SiteAtCore = core.site, settings: Record<string, string> = {}) =>
    startTestBridge(site, { settings: { USERREF_BASE_URL: core.site.baseUrl, ...settings } });
  const seal = (request: object = {}, at = bridge) =>
    at.call('/v1/attributes/seal', {
      body: { user_ref: userRef, expires_at: tomorrow(), ...ORDER, ...request },
    });
  const unseal = (request: object = {}, at = bridge) => {
    const { names: _names, ...order } = ORDER;
    return at.call('/v1/attributes/unseal', { body: { sealed, actor_ref: 'staff-7', ...order, ...request } });
  };
  const person = () => core.environment.people[0] as (typeof core.environment.people)[number];

  async function otherSite(wish: Partial<DevelopmentSiteWish> & { site: string }): Promise<SiteAtCore> {
    const attributes = ['address:shipping'];
    const [other] = await ensureDevelopmentSites(core.environment, {
      file: join(core.dataDir, 'others.json'),
      wishes: [{ name: 'Another', url: core.site.baseUrl, attributes, ...wish }],
    });
    return { ...(other as DevelopmentSite), issuer: core.site.issuer };
  }

  async function signIn(at: TestBridge, ask: object = {}): Promise<Answer> {
    const started = await at.call('/v1/login/start', { body: ask });
    const visitor = { login: person().login, shares: ['address:shipping'] };
    const stopAt = `${core.site.baseUrl}/userref/callback`;
    const { url } = await visit(browser, started.body.authorization_url, visitor, { stopAt });
    return at.call('/v1/login/complete', { body: { query: url.search.slice(1), cookies: jar(started) } });
  }

  beforeAll(async () => {
    const attributes = ['address:shipping', 'contact:email', 'sealed'];
    core = await startRealCore({ site: 'php-site', name: 'PHP Site', attributes });
    bridge = await start();
    browser = new Browser();
  });
  afterAll(async () => {
    await bridge?.stop();
    await core?.stop();
    removeFolders();
  });

  it('signs a person in, who shares one thing of two', async () => {
    const asked = ['address:shipping', 'contact:email'];
    const { status, body } = await signIn(bridge, { attributes: asked, purpose: PURPOSE });
    expect([status, body.session.consents]).toEqual([200, ['address:shipping']]);
    ({ session_handle: handle } = body);
    userRef = body.session.user_ref;
    expect(userRef).toMatch(/^ppid_[a-z2-7]{26}$/);
  });

  it('gives what is shared, live, and names what is not', async () => {
    const fetch = (names: string[]) =>
      bridge.call('/v1/attributes', { body: { session_handle: handle, names, purpose: PURPOSE } });
    const given = await fetch(['address:shipping']);
    expect(given.body.attributes['address:shipping']).toMatchObject({
      street_address: person().address.street_address,
    });
    expect(await fetch(['address:shipping', 'contact:email'])).toMatchObject({
      status: 403,
      body: { code: 'consent_required', attributes: ['contact:email'], purpose: PURPOSE },
    });
  });

  it('has an address sealed, which says nothing, and opens it for its order', async () => {
    const answer = await seal();
    expect(answer.status).toBe(200);
    sealed = answer.body.sealed;
    expect(Buffer.from(sealed).includes(person().address.street_address)).toBe(false);
    const opened = await unseal();
    expect(opened.body.attributes['address:shipping']).toMatchObject({
      street_address: person().address.street_address,
    });
    expect(bridge.log()).toMatch(/"actor_ref":"staff-7","order_ref":"order-1".*envelope opened/);
    expect(bridge.log()).not.toContain(person().address.street_address);
  });

  it('does not open it for another order or purpose, nor when it was changed', async () => {
    const [header = '', , iv = '', text = '', tag = ''] = sealed.split('.');
    const flipped = [header, '', iv, `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`, tag].join('.');
    expect((await unseal({ order_ref: 'order-2' })).body.code).toBe('sealed_mismatch');
    expect((await unseal({ purpose: 'news' })).body.code).toMatch(/^(sealed_mismatch|unknown_purpose)$/);
    expect((await unseal({ sealed: flipped })).body.code).toBe('sealed_invalid');
  });

  it('seals nothing that is not shared, and for nobody whom the core does not know', async () => {
    expect(await seal({ names: ['contact:email'] })).toMatchObject({
      status: 403,
      body: { code: 'consent_required', attributes: ['contact:email'] },
    });
    expect((await seal({ user_ref: `ppid_${'a'.repeat(26)}` })).body.code).toBe('not_found');
  });

  it('opens it neither before nor after its window', async () => {
    const early = await seal({ not_before: new Date(Date.now() + 3_600_000).toISOString() });
    expect((await unseal({ sealed: early.body.sealed })).body.code).toBe('sealed_not_open_yet');
    const short = await seal({ expires_at: new Date(Date.now() + 2_000).toISOString() });
    await expect
      .poll(async () => (await unseal({ sealed: short.body.sealed })).body.code, { timeout: 8_000 })
      .toMatch(/^sealed_(expired|destroyed)$/);
  });

  it('is refused by the core for a site that is not registered for sealing, which may not open it either', async () => {
    const plain = await start(await otherSite({ site: 'plain-site' }));
    const { body } = await signIn(plain, { attributes: ['address:shipping'], purpose: PURPOSE });
    expect(body.session.consents).toEqual(['address:shipping']);
    expect((await seal({ user_ref: body.session.user_ref }, plain)).body.code).toBe('forbidden');
    expect((await unseal({}, plain)).body.code).toBe('forbidden');
    await plain.stop();
  });

  it('opens it no more once the person has withdrawn, and tells of the end of the session', async () => {
    const account = `${core.environment.settings.cell.url}/account`;
    await visit(browser, account, { login: person().login });
    const page = await (await browser.fetch(account)).text();
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const form = { method: 'POST', body: new URLSearchParams({ csrf }) };
    const withdrawn = await browser.fetch(`${account}/sites/php-site/withdraw`, form);
    expect(withdrawn.status).toBeLessThan(400);
    expect((await unseal()).body.code).toBe('sealed_destroyed');
    const body = { session_handle: handle, names: ['address:shipping'], purpose: PURPOSE };
    expect((await bridge.call('/v1/attributes', { body })).status).toBe(403);
    const late = await start(core.site, { USERREF_BRIDGE_POLL_SECONDS: '5' });
    await expect
      .poll(async () => {
        const { body: told } = await late.call('/v1/revocations?since=0');
        return told.events?.map(({ type }: { type: string }) => type).sort();
      })
      .toEqual(['access.revoked', 'consent.withdrawn']);
    expect((await late.call('/v1/session/refresh', { body: { session_handle: handle } })).body).toEqual({
      active: false,
      reason: 'session_revoked',
    });
    await late.stop();
  });

  describe.skipIf(noPhp)('for a preview that runs on PHP', () => {
    let port: number;
    let site: SiteAtCore;
    const patternAt = (where: number) => `http://*.localhost:${where}`;
    const previewAt = (where: number) => `http://pr-1.localhost:${where}`;

    beforeAll(async () => {
      port = await freePort();
      site = await otherSite({ site: 'previewed-site', previewPatterns: [patternAt(port)] });
    });

    async function onPhp<Result>(
      { preview, allowed }: { preview: string; allowed: string },
      work: (url: string) => Promise<Result>,
    ): Promise<Result> {
      const at = await start(site, { USERREF_BRIDGE_PREVIEWS: allowed });
      const folder = newFolder();
      const server = await startPhpServer({
        ...{ folder, port, script: join(import.meta.dirname, 'support', 'site.php') },
        environment: {
          ...siteEnvironment(site, { bridge: at.address, folder, port }),
          USERREF_PREVIEW_ORIGIN: preview,
        },
      });
      try {
        return await work(server.url);
      } finally {
        await server.stop();
        await at.stop();
        expect(server.errors()).toBe('');
      }
    }

    it('signs in there, and nowhere that its bridge or its core does not know', async () => {
      const known = { preview: previewAt(port), allowed: patternAt(port) };
      const signedIn = await onPhp(known, async (url) => {
        const stopAt = `${known.preview}/userref/callback`;
        const back = await visit(browser, `${url}/userref/login`, { login: person().login }, { stopAt });
        // As the browser goes to the preview, whose name no resolver knows.
        const { response } = await browser.open(`${url}/userref/callback${back.url.search}`);
        return (await response.json()) as { user: { user_ref: string } };
      });
      expect(signedIn.user.user_ref).toMatch(/^ppid_[a-z2-7]{26}$/);
      const refusalOf = (given: typeof known) =>
        onPhp(given, async (url) => {
          const answer = await fetch(`${url}/userref/login`);
          return [answer.status, await answer.json()];
        });
      const refused = { code: 'preview_refused', fix: expect.stringContaining('USERREF_BRIDGE_PREVIEWS') };
      const detail = expect.stringMatching(/^The bridge lets nobody sign in/);
      expect(await refusalOf({ ...known, allowed: '' })).toMatchObject([403, { ...refused, detail }]);
      const elsewhere = { preview: previewAt(port + 1), allowed: patternAt(port + 1) };
      expect(await refusalOf(elsewhere)).toMatchObject([
        403,
        { ...refused, detail: expect.stringContaining(`may not know ${elsewhere.preview}`) },
      ]);
    });
  });
});
