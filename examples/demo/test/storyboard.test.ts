import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchForCanaries } from '../src/canary/search.ts';
import { canariesOf, type Demo, type DemoPorts, startDemo } from '../src/start-demo.ts';
import { tourSteps } from '../src/tour/tour-event.ts';
import { noBrowser, openBrowser } from './support/chromium.ts';
import { dumpDatabase } from './support/database-dump.ts';
import { nextSecond } from './support/next-second.ts';
import { freePorts } from './support/ports.ts';

/** The storyboard of the guided tour, done by a browser. Each test goes on where the one before stopped. */
describe.skipIf(noBrowser)('two shops, one person', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'userref-demo-'));
  let ports: DemoPorts;
  let demo: Demo;
  let browser: BrowserContext;
  let shop: Page;
  let orderPage: Page;
  const userRefs: Record<string, string> = {};
  const [shopA, shopB] = ['a', 'b'].map((_name, index) => () => demo.shops[index]?.url ?? '') as [
    () => string,
    () => string,
  ];

  beforeAll(async () => {
    // Open to the user that the database runs as, so that its log stays in this folder.
    chmodSync(dataDir, 0o711);
    ports = await freePorts();
    demo = await startDemo({ dataDir, ports });
    browser = await openBrowser();
    shop = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function signIn(page: Page, url: string): Promise<string> {
    await page.goto(url);
    await page
      .getByRole('link', { name: /sign in/i })
      .first()
      .click();
    await page.waitForLoadState();
    return page.url();
  }

  async function shownRef(page: Page): Promise<string> {
    return (await page.locator('[data-user-ref]').getAttribute('data-user-ref')) ?? '';
  }

  it('a person signs in to shop A and is known there by a code', async () => {
    expect(await signIn(shop, shopA())).toContain(`:${ports.signIn}/`);
    await shop.getByRole('button', { name: demo.people[0]?.name ?? '' }).click();
    await shop.waitForURL(`${shopA()}/`);
    userRefs.a = await shownRef(shop);
    expect(userRefs.a).toMatch(/^ppid_[a-z2-7]{26}$/);
  });

  it('and to shop B with one click, known there by another', async () => {
    expect(await signIn(shop, shopB())).toBe(`${shopB()}/`);
    userRefs.b = await shownRef(shop);
    expect(userRefs.b).toMatch(/^ppid_[a-z2-7]{26}$/);
    expect(userRefs.b).not.toBe(userRefs.a);
  });

  it('checkout asks for address and e-mail one by one, unticked, with purpose and expiry', async () => {
    await shop.goto(shopA());
    await shop
      .getByRole('button', { name: /to the basket/ })
      .first()
      .click();
    await shop.goto(`${shopA()}/checkout`);
    expect(shop.url()).toContain(`:${ports.cell}/interaction/`);
    const boxes = shop.getByRole('checkbox');
    expect(await boxes.count()).toBe(2);
    expect(await shop.getByRole('checkbox', { checked: true }).count()).toBe(0);
    expect(await shop.locator('main').innerText()).toMatch(/Deliver your order[\s\S]*For how long/);
    const html = await shop.content();
    expect(html).not.toContain('<script');
    for (const value of [demo.people[0]?.email, demo.people[0]?.address.street_address])
      expect(html).not.toContain(value);
  });

  it('the order page shows the address, fetched live; the e-mail is refused', async () => {
    await shop.getByLabel('Delivery address').check();
    await shop.getByRole('button', { name: 'Share selected' }).click();
    await shop.waitForURL(`${shopA()}/checkout`);
    await shop.getByRole('button', { name: /Place the order/ }).click();
    await shop.waitForURL(/\/orders\//);
    orderPage = shop;
    const address = await shop.locator('[data-attribute="address:shipping"]').innerText();
    expect(address).toContain(demo.people[0]?.address.street_address);
    const email = await shop.locator('[data-attribute="contact:email"]').innerText();
    expect(email).toContain('consent_required');
    expect(await shop.content()).not.toContain(demo.people[0]?.email);
  });

  it('neither shop holds personal data in its database, logs or cookies, and the search would find it', async () => {
    const cookies = await browser.cookies([shopA(), shopB()]);
    expect(cookies.some(({ name }) => name.includes('shop-a'))).toBe(true);
    const report = await searchForCanaries({
      canaries: canariesOf(demo.people),
      places: [
        ...demo.places,
        { name: 'cookies', kind: 'cookies', bytes: Buffer.from(JSON.stringify(cookies)) },
      ],
    });
    expect(report.hits).toEqual([]);
    expect(report.positiveControlPlanted).toBeGreaterThan(0);
    expect(report.positiveControlFound).toBe(report.positiveControlPlanted);
  });

  it('sessions and pseudonyms outlive a restart of everything', async () => {
    await demo.stop();
    demo = await startDemo({ dataDir, ports });
    await shop.reload();
    expect(await shop.locator('[data-attribute="address:shipping"]').innerText()).toContain(
      demo.people[0]?.address.street_address,
    );
    expect(await shownRef(shop)).toBe(userRefs.a);
    const other = await openBrowser();
    const page = await other.newPage();
    await signIn(page, shopB());
    await page.getByRole('button', { name: demo.people[0]?.name ?? '' }).click();
    await page.waitForURL(`${shopB()}/`);
    expect(await shownRef(page)).toBe(userRefs.b);
    await other.close();
  });

  it('withdrawing in My data ends it all: read refused, tokens dead, webhook delivered, open tab signed out', async () => {
    const account = await browser.newPage();
    await account.goto(demo.accountUrl);
    // After the restart the development sign-in has forgotten the browser; the account session has not.
    const site = account.getByRole('article', { name: demo.shops[0]?.name ?? '' });
    expect(await site.innerText()).toContain('Delivery address');
    await site.getByRole('button', { name: /Stop all sharing/ }).click();
    await orderPage.locator('[data-signed-out-notice]:not([hidden])').waitFor({ timeout: 10_000 });
    const text = await orderPage.locator('body').innerText();
    expect(text).toContain('Access was withdrawn');
    expect(text).not.toContain(demo.people[0]?.address.street_address);
    await orderPage.reload();
    expect(await orderPage.locator('[data-user-ref]').count()).toBe(0);
    await account.close();
  });

  it('the guided tour ticked every step by what really happened', async () => {
    const tour = await browser.newPage();
    await tour.goto(demo.tourUrl);
    await tour.getByRole('button', { name: /canary/ }).click();
    await expect
      .poll(async () => (await tour.locator('main').innerText()).includes('0 live tokens'), {
        timeout: 10_000,
      })
      .toBe(true);
    await expect
      .poll(async () => tour.locator('body').innerText(), { timeout: 10_000 })
      .toContain(`${tourSteps.length} of ${tourSteps.length}`);
    const text = await tour.locator('main').innerText();
    expect(text).toMatch(/Reading the address is refused\s[^.]{0,20}403 consent_required/);
  });

  it('the core keeps personal data nowhere in the clear: not in a table, a job or its log', async () => {
    const canaries = canariesOf(demo.people).filter((value) => value.length > 7);
    const rows = await dumpDatabase(demo.environment.adminDatabaseUrl);
    expect(rows.toString()).toContain('shop-a');
    const report = await searchForCanaries({
      canaries,
      places: [
        { name: 'every row of every table', kind: 'buffer', bytes: rows },
        { name: 'log of the core', kind: 'log', file: join(dataDir, 'logs', 'core.log') },
        { name: 'log of PostgreSQL', kind: 'log', file: join(dataDir, 'database', 'postgres.log') },
      ],
    });
    expect(report.hits).toEqual([]);
    expect(report.positiveControlFound).toBe(report.positiveControlPlanted);
  });

  it('signing in again works with one click, under the same code, with nothing shared', async () => {
    await nextSecond();
    await orderPage.goto(shopA());
    await signIn(orderPage, shopA());
    expect(await shownRef(orderPage)).toBe(userRefs.a);
    await orderPage.goto(`${shopA()}/orders`);
    expect(await orderPage.content()).not.toContain(demo.people[0]?.address.street_address);
  });
});
