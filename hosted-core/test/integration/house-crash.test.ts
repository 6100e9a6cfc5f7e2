import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openid from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { openOperator } from '../../src/operator.ts';
import { Browser } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { fieldOf, type HouseProcess, post, startHouseProcess, visit } from '../support/house.ts';
import { until } from '../support/until.ts';
import { type Receiver, startReceiver } from './webhooks-setup.ts';

const CALLBACK = 'http://localhost:9/callback';
const dataDir = mkdtempSync(join(tmpdir(), 'userref-crash-'));
let ports: { core: number; cell: number; signIn: number };
let house: HouseProcess;
let receiver: Receiver;
let site: openid.Configuration;

beforeAll(async () => {
  ports = { core: await freePort(), cell: await freePort(), signIn: await freePort() };
  house = await startHouseProcess({ dataDir, ports });
  receiver = await startReceiver();
  site = await register();
});
afterAll(async () => {
  await house?.kill();
  await receiver?.stop();
  // The killed process left its database running: take it over once more, and end it.
  await (await startEmbeddedPostgres({ dataDir: join(dataDir, 'database') })).stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function register(): Promise<openid.Configuration> {
  const operator = openOperator(house.settings);
  const { secret } = await operator.registerSite({
    siteId: 'shop-a',
    redirectUris: [CALLBACK],
    attributeScopes: ['address:shipping'],
    purposes: [
      {
        purposeId: 'order_delivery',
        version: 1,
        maxDurationDays: 30,
        texts: { en: { title: 'Deliver', description: 'To deliver.' } },
      },
    ],
  });
  await operator.addWebhookEndpoint({ siteId: 'shop-a', url: receiver.url });
  await operator.close();
  return openid.discovery(new URL(house.settings.core.url), 'shop-a', secret, undefined, {
    execute: [openid.allowInsecureRequests],
  });
}

async function readAddress(accessToken: string): Promise<number> {
  const query = 'names=address:shipping&purpose=order_delivery';
  const response = await fetch(`${house.settings.cell.url}/v1/attributes?${query}`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return response.status;
}

async function withdraw(browser: Browser): Promise<void> {
  const page = new URL(`${house.settings.cell.url}/account`);
  const html = await (await browser.fetch(page)).text();
  const answer = { csrf: fieldOf(html, 'csrf') };
  const { response } = await post(browser, { page, html, answer, action: '/account/sites/shop-a/withdraw' });
  expect(response.status).toBe(200);
}

it('a process killed between the withdrawal and the webhook delivers it after its restart, once', async () => {
  const browser = new Browser();
  const parameters = {
    scope: 'openid address:shipping',
    purpose: 'order_delivery',
    resource: house.settings.cell.url,
  };
  const tokens = await visit({
    config: site,
    callback: CALLBACK,
    browser,
    parameters,
    share: ['address:shipping'],
  });
  expect(await readAddress(tokens.access_token)).toBe(200);
  await until(() => receiver.received.length === 1, 'consent.granted');

  const answered: { id: string; type: string }[] = [];
  receiver.answerWith(() => {});
  await withdraw(browser);
  expect(await readAddress(tokens.access_token)).toBe(401);
  await house.kill();

  receiver.answerWith((request, response) => {
    answered.push({ id: String(request.headers['webhook-id']), type: JSON.parse(request.body).type });
    response.writeHead(204).end();
  });
  house = await startHouseProcess({ dataDir, ports });
  await until(() => answered.some(({ type }) => type === 'access.revoked'), 'access.revoked');
  await until(() => answered.some(({ type }) => type === 'consent.withdrawn'), 'consent.withdrawn');
  await new Promise((done) => setTimeout(done, 2_000));
  expect(answered.map(({ type }) => type).sort()).toEqual(['access.revoked', 'consent.withdrawn']);
  expect(new Set(answered.map(({ id }) => id)).size).toBe(2);
  expect(await readAddress(tokens.access_token)).toBe(401);
  expect((await openid.tokenIntrospection(site, tokens.access_token)).active).toBe(false);
}, 300_000);
