import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.ts';
import {
  type DevelopmentEnvironment,
  startDevelopmentEnvironment,
} from '../../src/development/development-environment.ts';
import { openOperator } from '../../src/operator.ts';
import { noBrowser, openChromium, type RealBrowser } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';

const PURPOSE = {
  ...{ purposeId: 'order_delivery', version: 1, maxDurationDays: 30 },
  texts: { en: { title: 'Deliver', description: 'To bring you what you bought.' } },
};

/** The numbered points of the design that need the core behind the pages. */
describe.skipIf(noBrowser)('The pages in Chromium, before a real core', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'userref-pages-'));
  let environment: DevelopmentEnvironment;
  let admin: Database;
  let browser: RealBrowser;
  let site: openid.Configuration;
  let callback = '';
  const shop = createServer((_request, response) => response.end('back'));
  const verifier = openid.randomPKCECodeVerifier();

  beforeAll(async () => {
    chmodSync(dataDir, 0o711);
    const ports = { core: await freePort(), cell: await freePort(), signIn: await freePort() };
    shop.listen(0, '127.0.0.1');
    await once(shop, 'listening');
    callback = `http://localhost:${(shop.address() as AddressInfo).port}/callback`;
    environment = await startDevelopmentEnvironment({ dataDir, ports, logLevel: 'silent' });
    admin = new Database({
      ...{ connectionString: environment.adminDatabaseUrl, applicationName: 'test', maxConnections: 2 },
    });
    const operator = openOperator(environment.settings);
    const registered = {
      siteId: 'shop-a',
      redirectUris: [callback],
      attributeScopes: ['contact:email'] as never,
    };
    const { secret } = await operator.registerSite({ ...registered, purposes: [PURPOSE] });
    await operator.addWebhookEndpoint({ siteId: 'shop-a', url: `http://127.0.0.1:${await freePort()}/hook` });
    await operator.close();
    site = await openid.discovery(new URL(environment.settings.core.url), 'shop-a', secret, undefined, {
      execute: [openid.allowInsecureRequests],
    });
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser?.close();
    shop.close();
    await admin?.close();
    await environment?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const request = async (parameters: Record<string, string> = {}) => ({
    ...{ redirect_uri: callback, scope: 'openid contact:email', purpose: 'order_delivery', state: 's' },
    resource: environment.settings.cell.url,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...parameters,
  });

  /** Opens the site's request, and signs in where that is asked. */
  async function visit(parameters: Record<string, string> = {}): Promise<void> {
    const { href } = await openid.buildAuthorizationUrlWithPAR(site, await request(parameters));
    await browser.page.goto(href);
    if (browser.page.url().includes('/sign-in/')) await browser.page.locator('button[value=amber]').click();
    await browser.page.waitForLoadState();
  }

  async function finish() {
    await browser.page.waitForURL(`${callback}**`);
    const checks = { pkceCodeVerifier: verifier, expectedState: 's' };
    const tokens = await openid.authorizationCodeGrant(site, new URL(browser.page.url()), checks);
    const ask = () =>
      fetch(`${environment.settings.cell.url}/v1/attributes?names=contact:email&purpose=order_delivery`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
    const read = async () => {
      const answer = await ask();
      return { status: answer.status, code: ((await answer.json()) as { code?: string }).code };
    };
    const values = async () => ((await (await ask()).json()) as { attributes: object }).attributes;
    return { userRef: tokens.claims()?.sub ?? '', read, values };
  }

  it('U8 shows no attribute that the site is not registered for: the request is refused before any page', async () => {
    const refused = openid.buildAuthorizationUrlWithPAR(
      site,
      await request({ scope: 'openid contact:email address:shipping' }),
    );
    await expect(refused).rejects.toMatchObject({ error: 'invalid_scope' });
    await visit();
    expect(await browser.page.getByRole('checkbox').count()).toBe(1);
    expect(await browser.page.getByLabel('E-mail address').count()).toBe(1);
  });

  it('U3 U11 takes a no with one click and signs in all the same, and asks no more unless the person starts it', async () => {
    await visit();
    await browser.page.getByRole('button', { name: 'Continue without sharing' }).click();
    const { userRef, read } = await finish();
    expect(userRef).toMatch(/^ppid_/);
    expect(await read()).toEqual({ status: 403, code: 'consent_required' });
    await visit();
    await finish();
    await visit({ prompt: 'consent' });
    expect(await browser.page.getByRole('heading', { level: 1 }).innerText()).toContain(
      'Choose what to share',
    );
  });

  it('U6 ends at its date, whatever the site holds', async () => {
    await visit({ prompt: 'consent' });
    await browser.page.getByLabel('E-mail address').check();
    await browser.page.getByRole('button', { name: 'Share selected' }).click();
    const { read } = await finish();
    expect((await read()).status).toBe(200);
    await admin.query(
      `update cell.consents set decided_at = decided_at - interval '31 days', expires_at = now() - interval '1 second'
       where state = 'granted'`,
    );
    expect(await read()).toEqual({ status: 403, code: 'consent_expired' });
  });

  it('U13 refuses the next read, and has the site told, by the time the click is answered', async () => {
    await visit({ prompt: 'consent' });
    await browser.page.getByLabel('E-mail address').check();
    await browser.page.getByRole('button', { name: 'Share selected' }).click();
    const { userRef, read } = await finish();
    expect((await read()).status).toBe(200);
    await browser.page.goto(`${environment.settings.cell.url}/account`);
    const stop = browser.page.getByRole('button', { name: /Stop sharing.*E-mail address/ });
    await stop.click();
    await browser.page.waitForURL('**/account?done=stopped');
    expect([401, 403]).toContain((await read()).status);
    const told = await admin.query<{ type: string }>(
      `select type from core.webhook_events e join core.webhook_deliveries d using (tenant_id, event_id)
       where e.user_ref = $1 and type in ('consent.withdrawn', 'access.revoked') order by type`,
      [userRef],
    );
    expect(told.map(({ type }) => type)).toEqual(['access.revoked', 'consent.withdrawn']);
  });

  it('lets a person change a value: the site hears of it, and its next read gives the new one', async () => {
    await visit({ prompt: 'consent' });
    await browser.page.getByLabel('E-mail address').check();
    await browser.page.getByRole('button', { name: 'Share selected' }).click();
    const { userRef, values } = await finish();
    await browser.page.goto(`${environment.settings.cell.url}/account`);
    await browser.page.getByRole('link', { name: /Change.*E-mail address$/ }).click();
    await browser.page.getByLabel('E-mail address').fill('mine@example.test');
    await browser.page.getByRole('button', { name: 'Save' }).click();
    await browser.page.waitForURL('**/account?done=value');
    expect(await values()).toEqual({ 'contact:email': 'mine@example.test' });
    const told = () =>
      admin.query(`select 1 from core.webhook_events where user_ref = $1 and type = 'attributes.changed'`, [
        userRef,
      ]);
    await expect.poll(async () => (await told()).length, { timeout: 20_000 }).toBe(1);
  });
});
