import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePhp } from '../../../sdk-php-bridge/test/support/php.ts';
import { searchForCanaries } from '../../demo/src/canary/search.ts';
import { canariesOf } from '../../demo/src/start-demo.ts';
import { noBrowser, openBrowser } from '../../demo/test/support/chromium.ts';
import { nextSecond } from '../../demo/test/support/next-second.ts';
import { type RealCore, startRealCore } from '../../demo/test/support/real-core.ts';
import { type PhpShop, startPhpShop } from '../src/index.ts';

const noPhp = ensurePhp();

/** The storyboard of the other shops, on real PHP. Each test goes on where the one before stopped. */
describe.skipIf(noBrowser !== undefined || noPhp !== undefined)('the shop in one PHP file', () => {
  let core: RealCore;
  let shop: PhpShop;
  let browser: BrowserContext;
  let page: Page;
  let userRef: string;

  beforeAll(async () => {
    const attributes = ['address:shipping', 'contact:email', 'profile:name'];
    core = await startRealCore({ site: 'php-shop', name: 'Copper & Salt', attributes });
    const dataDir = join(core.dataDir, 'shop');
    mkdirSync(dataDir, { mode: 0o700 });
    shop = await startPhpShop({ ...core.site, dataDir, port: core.port });
    browser = await openBrowser();
    browser.setDefaultTimeout(10_000);
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.stop();
    await core?.stop();
  });

  const person = () => {
    const [first] = core.environment.people;
    if (first === undefined) throw new Error('there are no sample people');
    return first;
  };

  it('a person signs in and is known by a code', async () => {
    const returned = page.waitForRequest((request) => request.url().includes('/userref/callback?'));
    await page.goto(shop.url);
    await page
      .getByRole('link', { name: /sign in/i })
      .first()
      .click();
    await page.getByRole('button', { name: person().name }).click();
    await page.waitForURL(`${shop.url}/`);
    userRef = (await page.locator('[data-user-ref]').getAttribute('data-user-ref')) ?? '';
    expect(userRef).toMatch(/^ppid_[a-z2-7]{26}$/);
    // Firewalls cut or drop what is longer than 255 characters.
    const { searchParams } = new URL((await returned).url());
    expect(searchParams.get('state')?.length).toBeLessThanOrEqual(64);
    expect(searchParams.get('code')?.length).toBeLessThanOrEqual(128);
  });

  it('checkout asks for address and e-mail, and shows the address that was shared', async () => {
    await page.getByRole('button', { name: /Copper Pan/ }).click();
    await page.getByRole('link', { name: 'Basket (1)' }).click();
    await page.waitForURL(/\/interaction\//);
    expect(await page.getByRole('checkbox').count()).toBe(2);
    await page.getByLabel('Delivery address').check();
    await page.getByRole('button', { name: 'Share selected' }).click();
    await page.waitForURL(`${shop.url}/checkout`);
    expect(await page.locator('main').innerText()).toContain(person().address.street_address);
  });

  it('the order page fetches the address live; the e-mail is refused', async () => {
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.waitForURL(/\/orders\/CS-/);
    const address = await page.locator('[data-attribute="address:shipping"]').innerText();
    expect(address).toContain(person().address.street_address);
    expect(await page.locator('[data-attribute="contact:email"]').innerText()).toContain('consent_required');
    expect(await page.locator('[data-stored]').innerText()).toContain(userRef);
  });

  it('the shop holds no personal data: not in its database, its log, its sessions or the cookies', async () => {
    const cookies = await browser.cookies([shop.url]);
    expect(cookies.map(({ name }) => name)).toContain('PHPSESSID');
    const dir = join(shop.databaseFile, '..');
    const sessions = filesIn(dir, /^sess_/);
    expect(sessions.length).toBeGreaterThan(0);
    expect(readFileSync(shop.databaseFile).includes(userRef)).toBe(true);
    const report = await searchForCanaries({
      canaries: canariesOf(core.environment.people),
      places: [
        { name: 'database', kind: 'sqlite', file: shop.databaseFile },
        ...[...sessions, ...filesIn(dir, /^php\.log$/)].map((file) => ({
          name: file,
          kind: 'log' as const,
          file: join(dir, file),
        })),
        { name: 'cookies', kind: 'cookies', bytes: Buffer.from(JSON.stringify(cookies)) },
      ],
    });
    expect(report.hits).toEqual([]);
    expect(report.positiveControlFound).toBe(report.positiveControlPlanted);
  });

  it('withdrawing in My data signs the open tab out and takes the address off the page', async () => {
    const account = await browser.newPage();
    await account.goto(`${core.environment.settings.cell.url}/account`);
    await account
      .getByRole('article', { name: 'Copper & Salt' })
      .getByRole('button', { name: /Stop all sharing/ })
      .click();
    await page.locator('[data-signed-out-notice]:not([hidden])').waitFor({ timeout: 15_000 });
    expect(await page.locator('body').innerText()).not.toContain(person().address.street_address);
    await page.reload();
    expect(await page.locator('[data-user-ref]').count()).toBe(0);
    await account.close();
  });

  it('signing in again works, under the same code, with nothing shared', async () => {
    await nextSecond();
    await page.goto(shop.url);
    await page
      .getByRole('link', { name: /sign in/i })
      .first()
      .click();
    await page.waitForURL(`${shop.url}/`);
    expect(await page.locator('[data-user-ref]').getAttribute('data-user-ref')).toBe(userRef);
    await page.goto(`${shop.url}/orders`);
    expect(await page.content()).not.toContain(person().address.street_address);
  });

  it('signing out ends the session here and at the core', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForLoadState();
    await page.goto(shop.url);
    expect(await page.locator('[data-user-ref]').count()).toBe(0);
  });
});

function filesIn(folder: string, names: RegExp): string[] {
  return readdirSync(folder).filter((name) => names.test(name));
}
