import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUserref, type Session, type Userref } from '@userref/sdk-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type DevelopmentEnvironment,
  startDevelopmentEnvironment,
} from '../../src/development/development-environment.ts';
import { openOperator } from '../../src/operator.ts';
import { Browser } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { fieldOf, post } from '../support/house.ts';

/** The SDK of a site against the real core and cell. */

const SHOP = 'http://localhost:9';
const PURPOSE = {
  purposeId: 'order_delivery',
  version: 1,
  maxDurationDays: 90,
  texts: { en: { title: 'Deliver your order', description: 'To bring you what you ordered.' } },
};
const order = { purpose: PURPOSE.purposeId, orderRef: 'order-2026-1' };
const dataDir = mkdtempSync(join(tmpdir(), 'userref-sealed-'));
const browser = new Browser();
let environment: DevelopmentEnvironment;
let shop: Userref;
let session: Session;

beforeAll(async () => {
  chmodSync(dataDir, 0o711);
  const ports = { core: await freePort(), cell: await freePort(), signIn: await freePort() };
  environment = await startDevelopmentEnvironment({ dataDir, ports, logLevel: 'silent' });
  shop = await openShop('shop-a', ['address:shipping', 'sealed']);
  session = await signIn(shop);
});
afterAll(async () => {
  await environment?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function openShop(site: string, attributeScopes: readonly string[]): Promise<Userref> {
  const operator = openOperator(environment.settings);
  const { secret } = await operator.registerSite({
    ...{ siteId: site, redirectUris: [`${SHOP}/userref/callback`], attributeScopes, purposes: [PURPOSE] },
  });
  await operator.close();
  return createUserref({
    ...{ issuer: environment.settings.core.url, site, siteSecret: secret, baseUrl: SHOP },
    sessionSecret: 'a session secret with more than 32 characters',
  });
}

async function signIn(site: Userref): Promise<Session> {
  const started = await site.startLogin({ attributes: ['address:shipping'], purpose: PURPOSE.purposeId });
  const cookieHeader = started.setCookies.map((one) => one.split(';')[0]).join('; ');
  let { url, response } = await browser.open(started.url, { stopAt: SHOP });
  while (!url.href.startsWith(SHOP)) {
    const html = await response.text();
    const answer = html.includes('name="login"')
      ? { login: 'amber' }
      : {
          ...{ csrf: fieldOf(html, 'csrf'), decision: 'share', attribute: ['address:shipping'] },
          duration: 'days_30',
        };
    ({ url, response } = await post(browser, { page: url, html, answer, stopAt: SHOP }));
  }
  return (await site.finishLogin({ url: url.href, cookieHeader })).session;
}

const until = () => new Date(Date.now() + 7 * 86_400_000);
const seal = (site = shop, of: Session | string = session) =>
  site.sealAttributes(of, ['address:shipping'], { ...order, expiresAt: until() });

it('a site has an address sealed, keeps the envelope, and opens it for the order while the person is away', async () => {
  const { sealed } = await seal(shop, session.userRef);
  const live = await shop.fetchAttributes(session, ['address:shipping'], order);
  const opened = await shop.unseal(sealed, order);
  expect(opened.get('address:shipping')).toEqual(live.get('address:shipping'));
  expect(opened.get('address:shipping')).toHaveProperty('street_address');
});

it('for another order it stays closed, and so it does for a site without the scope', async () => {
  const { sealed } = await seal();
  await expect(shop.unseal(sealed, { ...order, orderRef: 'order-2' })).rejects.toMatchObject({
    code: 'sealed_mismatch',
  });
  const other = await openShop('shop-b', ['address:shipping']);
  await expect(other.unseal(sealed, order)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(seal(other)).rejects.toMatchObject({ code: 'forbidden' });
});

it('another site that may receive sealed attributes does not know the envelope', async () => {
  const { sealed } = await seal();
  const other = await openShop('shop-c', ['address:shipping', 'sealed']);
  await expect(other.unseal(sealed, order)).rejects.toMatchObject({ code: 'not_found' });
  await expect(seal(other)).rejects.toMatchObject({ code: 'not_found' });
});

it('a withdrawal on My data makes the envelope useless', async () => {
  const { sealed } = await seal();
  await shop.unseal(sealed, order);
  const { cell } = environment.settings;
  const { url, response } = await browser.open(`${cell.url}/account`);
  const html = await response.text();
  const action = /action="([^"]*consents\/[^"]*withdraw)"/.exec(html)?.[1] ?? '';
  const withdrawn = await browser.fetch(new URL(action, url), {
    ...{ method: 'POST', body: new URLSearchParams({ csrf: fieldOf(html, 'csrf') }) },
    headers: { origin: cell.url, 'sec-fetch-site': 'same-origin' },
  });
  expect(withdrawn.status).toBeLessThan(400);
  await expect(shop.unseal(sealed, order)).rejects.toMatchObject({ code: 'sealed_destroyed' });
});
