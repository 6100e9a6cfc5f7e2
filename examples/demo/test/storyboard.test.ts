import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, noBrowser } from '../../../hosted-core/test/support/launch-chromium.ts';
import { canariesOf, type Demo, type DemoPorts, startDemo } from '../src/start-demo.ts';
import { tourSteps } from '../src/tour/tour-event.ts';
import { dumpDatabase } from './support/database-dump.ts';
import { nextSecond } from './support/next-second.ts';
import { cookiesOf, expectNoPersonalData } from './support/no-personal-data.ts';
import { freePorts } from './support/ports.ts';
import {
  followSignIn,
  placeOrder,
  seeSharingEnd,
  shareOnlyTheAddress,
  shownRef,
  signIn,
  signInWithOneClick,
  stopAllSharing,
} from './support/visitor.ts';

/** The storyboard of the guided tour, done by a browser. Each test goes on where the one before stopped. */
describe.skipIf(noBrowser)('two shops, one person', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'userref-demo-'));
  let ports: DemoPorts;
  let demo: Demo;
  let browser: BrowserContext;
  let shop: Page;
  const userRefs: Record<string, string> = {};
  const shopA = () => `${demo.shops[0]?.url}/`;
  const shopB = () => `${demo.shops[1]?.url}/`;

  beforeAll(async () => {
    // Open to the user that the database runs as, so that its log stays in this folder.
    chmodSync(dataDir, 0o711);
    ports = await freePorts();
    demo = await startDemo({ dataDir, ports });
    browser = await launchChromium();
    shop = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const amber = () => demo.people[0] as Demo['people'][number];
  const street = () => amber().address.street_address;

  it('a person signs in to shop A and is known there by a code', async () => {
    await followSignIn(shop, shopA());
    await shop.waitForURL((url) => url.port === String(ports.signIn));
    await shop.getByRole('button', { name: amber().name }).click();
    await shop.waitForURL(shopA());
    userRefs.a = await shownRef(shop);
    expect(userRefs.a).toMatch(/^ppid_[a-z2-7]{26}$/);
  });

  it('and to shop B with one click, known there by another', async () => {
    await signInWithOneClick(shop, shopB());
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
    await shop.goto(`${shopA()}checkout`);
    expect(shop.url()).toContain(`:${ports.cell}/interaction/`);
    expect(await shop.locator('main').innerText()).toMatch(/Deliver your order[\s\S]*For how long/);
    const html = await shop.content();
    for (const text of ['<script', amber().email, street()]) expect(html).not.toContain(text);
    await shareOnlyTheAddress(shop);
    await shop.waitForURL(`${shopA()}checkout`);
  });

  it('the order page shows the address, fetched live; the e-mail is refused', async () => {
    await placeOrder(shop, street());
    expect(await shop.content()).not.toContain(amber().email);
  });

  it('neither shop holds personal data in its database, logs or cookies, and the search would find it', async () => {
    const cookies = await browser.cookies([shopA(), shopB()]);
    expect(cookies.some(({ name }) => name.includes('shop-a'))).toBe(true);
    await expectNoPersonalData(canariesOf(demo.people), [
      ...demo.places,
      await cookiesOf(browser, shopA(), shopB()),
    ]);
  });

  it('sessions and pseudonyms outlive a restart of everything', async () => {
    await demo.stop();
    demo = await startDemo({ dataDir, ports });
    await shop.reload();
    expect(await shop.locator('[data-attribute="address:shipping"]').innerText()).toContain(street());
    expect(await shownRef(shop)).toBe(userRefs.a);
    const other = await launchChromium();
    const page = await other.newPage();
    await signIn(page, shopB(), amber().name);
    expect(await shownRef(page)).toBe(userRefs.b);
    await other.close();
  });

  it('withdrawing in My data ends it all: read refused, tokens dead, webhook delivered, open tab signed out', async () => {
    // After the restart the development sign-in has forgotten the browser; the account session has not.
    await stopAllSharing(browser, { accountUrl: demo.accountUrl, siteName: demo.shops[0]?.name ?? '' });
    await seeSharingEnd(shop, street());
  });

  it('the guided tour ticked every step by what really happened', async () => {
    const tour = await browser.newPage();
    await tour.goto(demo.tourUrl);
    await tour.getByRole('button', { name: /canary/ }).click();
    await expect.poll(() => tour.locator('main').innerText(), { timeout: 30_000 }).toContain('0 live tokens');
    await expect
      .poll(() => tour.locator('body').innerText(), { timeout: 30_000 })
      .toContain(`${tourSteps.length} of ${tourSteps.length}`);
    const text = await tour.locator('main').innerText();
    expect(text).toMatch(/Reading the address is refused\s[^.]{0,20}403 consent_required/);
  });

  it('the core keeps personal data nowhere in the clear: not in a table, a job or its log', async () => {
    const rows = await dumpDatabase(demo.environment.adminDatabaseUrl);
    expect(rows.toString()).toContain('shop-a');
    await expectNoPersonalData(
      canariesOf(demo.people).filter((value) => value.length > 7),
      [
        { name: 'every row of every table', kind: 'buffer', bytes: rows },
        { name: 'log of the core', kind: 'log', file: join(dataDir, 'logs', 'core.log') },
        { name: 'log of PostgreSQL', kind: 'log', file: join(dataDir, 'database', 'postgres.log') },
      ],
    );
  });

  it('signing in again works with one click, under the same code, with nothing shared', async () => {
    await nextSecond();
    await signInWithOneClick(shop, shopA());
    expect(await shownRef(shop)).toBe(userRefs.a);
    await shop.goto(`${shopA()}orders`);
    expect(await shop.content()).not.toContain(street());
  });
});
