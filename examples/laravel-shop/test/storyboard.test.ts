import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePhp } from '../../../sdk-php-bridge/test/support/php.ts';
import { searchForCanaries } from '../../demo/src/canary/search.ts';
import { canariesOf } from '../../demo/src/start-demo.ts';
import { noBrowser, openBrowser } from '../../demo/test/support/chromium.ts';
import { nextSecond } from '../../demo/test/support/next-second.ts';
import { type RealCore, startRealCore } from '../../demo/test/support/real-core.ts';
import { type LaravelShop, startLaravelShop } from '../src/index.ts';

const noPhp = ensurePhp('php-laravel-framework');

/** The storyboard of the other shops, on Debian's Laravel. Each test goes on where the one before stopped. */
describe.skipIf(noBrowser !== undefined || noPhp !== undefined)('the Laravel shop', () => {
  let core: RealCore;
  let shop: LaravelShop;
  let browser: BrowserContext;
  let page: Page;
  let userRef: string;
  let folder: string;

  beforeAll(async () => {
    const attributes = ['address:shipping', 'contact:email', 'profile:name', 'sealed'];
    core = await startRealCore({ site: 'laravel-shop', name: 'Moss & Thread', attributes });
    folder = join(core.dataDir, 'shop');
    mkdirSync(folder, { mode: 0o700 });
    shop = await startLaravelShop({ ...core.site, dataDir: folder, port: core.port });
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
  const atPackingDesk = (path: string, password = shop.staffPassword) =>
    fetch(`${shop.url}${path}`, {
      headers: { authorization: `Basic ${Buffer.from(`anybody:${password}`).toString('base64')}` },
    });
  const orderPath = () => new URL(page.url()).pathname;
  const labelPath = () => orderPath().replace('/orders', '/packing');

  function storedAddresses(): unknown[] {
    const database = new DatabaseSync(shop.databaseFile, { readOnly: true });
    const rows = database.prepare('select sealed_address from orders').all();
    database.close();
    return rows.map((row) => row['sealed_address']);
  }

  it('a person signs in and is known by a code', async () => {
    await page.goto(shop.url);
    await page.getByRole('link', { name: /sign in, no name/i }).click();
    await page.getByRole('button', { name: person().name }).click();
    await page.waitForURL(`${shop.url}/`);
    userRef = (await page.locator('[data-user-ref]').getAttribute('data-user-ref')) ?? '';
    expect(userRef).toMatch(/^ppid_[a-z2-7]{26}$/);
  });

  it('checkout asks for address and e-mail, and shows the address that was shared', async () => {
    await page.getByRole('button', { name: /Moss Wool/ }).click();
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
    await page.waitForURL(/\/orders\/MT-/);
    const address = await page.locator('[data-attribute="address:shipping"]').innerText();
    expect(address).toContain(person().address.street_address);
    expect(await page.locator('[data-attribute="contact:email"]').innerText()).toContain('consent_required');
    expect(storedAddresses()).toEqual([expect.stringMatching(/^ey/)]);
    const stored = await page.locator('[data-stored] pre').innerText();
    expect(JSON.parse(stored)).toMatchObject({ user_ref: userRef, items: ['wool-moss'], total_cents: 1850 });
    expect(stored).toContain('"sealed_address"');
  });

  it('the packing desk opens the sealed address for a label, and nobody else does', async () => {
    const label = await (await atPackingDesk(labelPath())).text();
    for (const line of [person().address.street_address, person().address.postal_code]) {
      expect(label).toContain(line);
    }
    for (const password of ['', 'guess']) {
      const refused = await atPackingDesk(labelPath(), password);
      expect([refused.status, (await refused.text()).includes(person().address.street_address)]).toEqual([
        401,
        false,
      ]);
    }
    expect((await fetch(`${shop.url}${labelPath()}`)).status).toBe(401);
  });

  it('the shop holds no personal data: not in its database, its logs, its sessions, its views or the cookies', async () => {
    const cookies = await browser.cookies([shop.url]);
    expect(cookies.map(({ name }) => name)).toContain('moss_thread_session');
    const files = filesBelow(folder).filter((file) => !/\.(sqlite|sock)/.test(file));
    expect(files.some((file) => file.includes('framework/sessions/'))).toBe(true);
    expect(readFileSync(shop.databaseFile).includes(userRef)).toBe(true);
    const report = await searchForCanaries({
      canaries: canariesOf(core.environment.people),
      places: [
        { name: 'database', kind: 'sqlite', file: shop.databaseFile },
        ...files.map((file) => ({ name: file, kind: 'log' as const, file: join(folder, file) })),
        { name: 'cookies', kind: 'cookies', bytes: Buffer.from(JSON.stringify(cookies)) },
      ],
    });
    expect(report.hits).toEqual([]);
    expect(report.positiveControlFound).toBe(report.positiveControlPlanted);
  });

  it('withdrawing in My data signs the open tab out and takes the address off the page', async () => {
    const label = labelPath();
    const account = await browser.newPage();
    await account.goto(`${core.environment.settings.cell.url}/account`);
    const card = account.getByRole('article', { name: 'Moss & Thread' });
    await card.getByRole('button', { name: /Stop all sharing/ }).click();
    await page.locator('[data-signed-out-notice]:not([hidden])').waitFor({ timeout: 15_000 });
    expect(await page.locator('body').innerText()).not.toContain(person().address.street_address);
    await page.reload();
    expect(await page.locator('[data-user-ref]').count()).toBe(0);
    // The sealed address does not open any more, and has left the database: the shop confirmed the purge.
    await expect.poll(async () => (await atPackingDesk(label)).status).toBe(410);
    await expect
      .poll(async () => (await atPackingDesk('/packing')).text())
      .toContain('the address was withdrawn');
    expect(storedAddresses()).toEqual([null]);
    await account.close();
  });

  it('signing in again works, under the same code, with nothing shared', async () => {
    await nextSecond();
    await page.goto(shop.url);
    await page.getByRole('link', { name: /sign in, no name/i }).click();
    await page.waitForURL(`${shop.url}/`);
    expect(await page.locator('[data-user-ref]').getAttribute('data-user-ref')).toBe(userRef);
    await page.getByRole('link', { name: 'Orders' }).click();
    expect(await page.getByRole('link', { name: /^MT-/ }).count()).toBe(1);
    expect(await page.content()).not.toContain(person().address.street_address);
  });

  it('signing out ends the session here and at the core', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForLoadState();
    await page.goto(shop.url);
    expect(await page.locator('[data-user-ref]').count()).toBe(0);
  });

  it('Laravel had nothing to complain about', () => {
    const logs = filesBelow(folder).filter((file) => /(laravel|php)\.log$/.test(file));
    const lines = logs.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'));
    expect(lines.filter((line) => /ERROR|CRITICAL|Warning|Fatal/.test(line))).toEqual([]);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
