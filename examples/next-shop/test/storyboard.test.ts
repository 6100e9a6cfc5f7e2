import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DevelopmentEnvironment } from '@userref/hosted-core/development';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { BuiltShop } from '../../../sdk-next/test/support/build-shop.ts';
import { type RunningShop, startBuiltShop } from '../../../sdk-next/test/support/running-shop.ts';
import { environmentOf } from '../../../sdk-next/test/support/shop-under-test.ts';
import { searchForCanaries } from '../../demo/src/canary/search.ts';
import { canariesOf } from '../../demo/src/start-demo.ts';
import { noBrowser, openBrowser } from '../../demo/test/support/chromium.ts';
import { nextSecond } from '../../demo/test/support/next-second.ts';
import { startRealCore } from '../../demo/test/support/real-core.ts';

/** The storyboard of the Express shop, in the Next shop and against the real core. Each test goes on from the last. */
describe.skipIf(noBrowser)('the Next shop', () => {
  const built = inject('builtShops').find(({ major }) => major === '16') as BuiltShop;
  const stops: (() => Promise<unknown>)[] = [];
  let environment: DevelopmentEnvironment;
  let databaseFile: string;
  let running: RunningShop;
  let browser: BrowserContext;
  let shop: Page;
  let orderUrl: string;
  let amberRef: string;

  beforeAll(async () => {
    const attributes = ['address:shipping', 'contact:email'];
    const core = await startRealCore({ site: 'next-shop', name: 'Kettle & Leaf', attributes });
    stops.push(core.stop);
    environment = core.environment;
    databaseFile = join(core.dataDir, 'shop.sqlite');
    const env = { ...environmentOf(core.site), SHOP_DATABASE_FILE: databaseFile };
    running = await startBuiltShop(built, { port: core.port, env });
    stops.push(() => running.stop());
    browser = await openBrowser();
    stops.push(() => browser.close());
    shop = await browser.newPage();
  });
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  const person = (index: number) => environment.people[index] as DevelopmentEnvironment['people'][number];
  const street = () => person(0).address.street_address;
  const refOn = async (page: Page) =>
    (await page.locator('[data-user-ref]').getAttribute('data-user-ref')) ?? '';

  async function signIn(page: Page, name: string): Promise<void> {
    await page.goto(running.url);
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name }).click();
    await page.waitForURL(`${running.url}/`);
  }

  it('signs a person in from a static page, and knows them by a code', async () => {
    const before = await (await fetch(running.url)).text();
    await signIn(shop, person(0).name);
    amberRef = await refOn(shop);
    expect(amberRef).toMatch(/^ppid_[a-z2-7]{26}$/);
    const [{ name, value } = { name: '', value: '' }] = (await browser.cookies(running.url)).filter((one) =>
      one.name.startsWith('userref_next-shop'),
    );
    const cookie = `${name}=${value}`;
    expect(value.length).toBeGreaterThan(100);
    expect(await (await fetch(running.url, { headers: { cookie } })).text()).toBe(before);
  });

  it('asks for address and e-mail at checkout, unticked, and takes one of them', async () => {
    await shop
      .getByRole('button', { name: /to the basket/ })
      .first()
      .click();
    await shop.getByRole('link', { name: 'Check out' }).click();
    await shop.waitForURL(/\/interaction\//);
    expect(await shop.getByRole('checkbox').count()).toBe(2);
    expect(await shop.getByRole('checkbox', { checked: true }).count()).toBe(0);
    await shop.getByLabel('Delivery address').check();
    await shop.getByRole('button', { name: 'Share selected' }).click();
    await shop.waitForURL(`${running.url}/checkout`);
    await shop.getByText(street()).waitFor();
  });

  it('shows the address on the order, fetched live, and the refusal of the e-mail', async () => {
    await shop.getByRole('button', { name: 'Place the order' }).click();
    await shop.waitForURL(/\/orders\/KL-/);
    orderUrl = shop.url();
    await shop.locator('[data-attribute="address:shipping"]').getByText(street()).waitFor();
    const email = shop.locator('[data-attribute="contact:email"]');
    await email.getByText('consent_required').waitFor();
    expect(await shop.content()).not.toContain(person(0).email);
    expect(await shop.locator('[data-table="orders"] tbody tr').count()).toBe(1);
  });

  it('gives one person nothing of another: not the order, not a value, not a code', async () => {
    const others = await openBrowser();
    const page = await others.newPage();
    await signIn(page, person(1).name);
    expect(await refOn(page)).not.toBe(amberRef);
    const response = await page.goto(orderUrl);
    expect(response?.status()).toBe(404);
    await page.goto(`${running.url}/orders`);
    await page.getByText('No orders yet.').waitFor();
    for (const trace of [amberRef, street()]) expect(await page.content()).not.toContain(trace);
    await others.close();
  });

  it('keeps personal data nowhere: database, log, cookies, caches of Next.js', async () => {
    const cookies = Buffer.from(JSON.stringify(await browser.cookies(running.url)));
    const files = globSync('.next/{cache,server/app}/**/*.{html,rsc,body,json,meta}', { cwd: built.folder });
    const kept = Buffer.concat(files.map((file) => readFileSync(join(built.folder, file))));
    const report = await searchForCanaries({
      canaries: canariesOf(environment.people),
      places: [
        { name: 'database', kind: 'sqlite', file: databaseFile },
        { name: 'log', kind: 'buffer', bytes: Buffer.from(`${running.log} `) },
        { name: 'caches of Next.js', kind: 'buffer', bytes: kept },
        { name: 'cookies', kind: 'cookies', bytes: cookies },
      ],
    });
    expect(report.hits).toEqual([]);
    expect(report.positiveControlFound).toBe(report.positiveControlPlanted);
    expect(report.positiveControlPlanted).toBeGreaterThan(0);
  });

  it('signs the open page out when the person withdraws, and the address leaves it', async () => {
    await shop.goto(orderUrl);
    await shop.locator('[data-attribute="address:shipping"]').getByText(street()).waitFor();
    await shop.locator('[data-user-ref]').waitFor();
    const account = await browser.newPage();
    await account.goto(`${environment.settings.cell.url}/account`);
    await account.getByRole('button', { name: /Stop all sharing/ }).click();
    await shop.locator('[data-signed-out-notice]').waitFor({ timeout: 15_000 });
    await shop.getByText('Access was withdrawn').waitFor();
    expect(await shop.content()).not.toContain(street());
    await shop.goBack({ waitUntil: 'networkidle' }).catch(() => null);
    expect(await shop.content()).not.toContain(street());
    await account.close();
  });

  it('is calm about a "no": the page says what is missing, and asks when the visitor wants it to', async () => {
    await nextSecond();
    await shop.goto(running.url);
    await shop
      .getByRole('button', { name: /to the basket/ })
      .first()
      .click();
    await shop.getByRole('link', { name: 'Check out' }).click();
    await shop.getByRole('button', { name: /without sharing/ }).click();
    await shop.waitForURL(`${running.url}/checkout`);
    await shop.getByText('We need somewhere to send it').waitFor();
    await shop.getByRole('link', { name: 'Choose what to share' }).click();
    await shop.waitForURL(/\/interaction\//);
  });
});
