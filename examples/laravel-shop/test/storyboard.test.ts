import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { noBrowser } from '../../../hosted-core/test/support/launch-chromium.ts';
import { ensurePhp } from '../../../sdk-php-bridge/test/support/php.ts';
import { canariesOf } from '../../demo/src/start-demo.ts';
import { nextSecond } from '../../demo/test/support/next-second.ts';
import { cookiesOf, expectNoPersonalData } from '../../demo/test/support/no-personal-data.ts';
import { useVisit } from '../../demo/test/support/use-visit.ts';
import {
  checkOut,
  placeOrder,
  seeSharingEnd,
  shownRef,
  signIn,
  signInWithOneClick,
  signOut,
  stopAllSharing,
} from '../../demo/test/support/visitor.ts';
import { startLaravelShop } from '../src/index.ts';

const noPhp = ensurePhp('php-laravel-framework');

/** The storyboard of the other shops, on Debian's Laravel. Each test goes on where the one before stopped. */
describe.skipIf(noBrowser !== undefined || noPhp !== undefined)('the Laravel shop', () => {
  const attributes = ['address:shipping', 'contact:email', 'profile:name', 'sealed'];
  const visit = useVisit({ site: 'laravel-shop', name: 'Moss & Thread', attributes }, (core) => {
    const dataDir = folderOf(core.dataDir);
    mkdirSync(dataDir, { mode: 0o700 });
    return startLaravelShop({ ...core.site, dataDir, port: core.port });
  });
  const folderOf = (dataDir: string) => join(dataDir, 'shop');
  const home = () => `${visit.site.url}/`;
  const street = () => visit.person.address.street_address;
  let userRef: string;

  const atPackingDesk = (path: string, password = visit.site.staffPassword) =>
    fetch(`${visit.site.url}${path}`, {
      headers: { authorization: `Basic ${Buffer.from(`anybody:${password}`).toString('base64')}` },
    });
  const labelPath = () => new URL(visit.page.url()).pathname.replace('/orders', '/packing');

  function storedAddresses(): unknown[] {
    const database = new DatabaseSync(visit.site.databaseFile, { readOnly: true });
    const rows = database.prepare('select sealed_address from orders').all();
    database.close();
    return rows.map((row) => row['sealed_address']);
  }

  it('a page about an error keeps the style that it has within', async () => {
    const { page } = visit;
    await page.goto(`${home()}userref/callback?code=of-another&state=browser`);
    expect(await page.locator('body').innerText()).toContain('The sign-in was not finished');
    expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).not.toBe('none');
  });

  it('a person signs in and is known by a code', async () => {
    const { page, person } = visit;
    await signIn(page, home(), person.name);
    userRef = await shownRef(page);
    expect(userRef).toMatch(/^ppid_[a-z2-7]{26}$/);
  });

  it('checkout asks for address and e-mail, and shows the address that was shared', async () => {
    await checkOut(visit.page, /Moss Wool/, street());
  });

  it('the order page fetches the address live; the e-mail is refused', async () => {
    const { page } = visit;
    await placeOrder(page, street());
    expect(page.url()).toContain('/orders/MT-');
    expect(storedAddresses()).toEqual([expect.stringMatching(/^ey/)]);
    const stored = await page.locator('[data-stored] pre').innerText();
    expect(JSON.parse(stored)).toMatchObject({ user_ref: userRef, items: ['wool-moss'], total_cents: 1850 });
    expect(stored).toContain('"sealed_address"');
  });

  it('the packing desk opens the sealed address for a label, and nobody else does', async () => {
    const label = await (await atPackingDesk(labelPath())).text();
    for (const line of [street(), visit.person.address.postal_code]) expect(label).toContain(line);
    for (const password of ['', 'guess']) {
      const refused = await atPackingDesk(labelPath(), password);
      expect([refused.status, (await refused.text()).includes(street())]).toEqual([401, false]);
    }
    expect((await fetch(`${visit.site.url}${labelPath()}`)).status).toBe(401);
  });

  it('the shop holds no personal data: not in its database, its logs, its sessions, its views or the cookies', async () => {
    const { browser, core, site } = visit;
    expect((await browser.cookies(site.url)).map(({ name }) => name)).toContain('moss_thread_session');
    const folder = folderOf(core.dataDir);
    const files = filesBelow(folder).filter((file) => !/\.(sqlite|sock)/.test(file));
    expect(files.some((file) => file.includes('framework/sessions/'))).toBe(true);
    expect(readFileSync(site.databaseFile).includes(userRef)).toBe(true);
    await expectNoPersonalData(canariesOf(core.environment.people), [
      { name: 'database', kind: 'sqlite', file: site.databaseFile },
      ...files.map((file) => ({ name: file, kind: 'log' as const, file: join(folder, file) })),
      await cookiesOf(browser, site.url),
    ]);
  });

  it('withdrawing in My data signs the open tab out and takes the address off the page', async () => {
    const { browser, core, page } = visit;
    const label = labelPath();
    await stopAllSharing(browser, core);
    await seeSharingEnd(page, street());
    // The sealed address does not open any more, and has left the database: the shop confirmed the purge.
    await expect.poll(async () => (await atPackingDesk(label)).status).toBe(410);
    await expect
      .poll(async () => (await atPackingDesk('/packing')).text())
      .toContain('the address was withdrawn');
    expect(storedAddresses()).toEqual([null]);
  });

  it('signing in again works, under the same code, with nothing shared', async () => {
    const { page } = visit;
    await nextSecond();
    await signInWithOneClick(page, home());
    expect(await shownRef(page)).toBe(userRef);
    await page.getByRole('link', { name: 'Orders' }).click();
    await page.waitForURL(/\/orders$/);
    expect(await page.getByRole('link', { name: /^MT-/ }).count()).toBe(1);
    expect(await page.content()).not.toContain(street());
  });

  it('signing out ends the session here and at the core', async () => {
    await signOut(visit.page, home());
  });

  it('Laravel had nothing to complain about', () => {
    const folder = folderOf(visit.core.dataDir);
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
