import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
import { startPhpShop } from '../src/index.ts';

const noPhp = ensurePhp();

/** The storyboard of the other shops, on real PHP. Each test goes on where the one before stopped. */
describe.skipIf(noBrowser !== undefined || noPhp !== undefined)('the shop in one PHP file', () => {
  const attributes = ['address:shipping', 'contact:email', 'profile:name'];
  const visit = useVisit({ site: 'php-shop', name: 'Copper & Salt', attributes }, (core) => {
    const dataDir = join(core.dataDir, 'shop');
    mkdirSync(dataDir, { mode: 0o700 });
    return startPhpShop({ ...core.site, dataDir, port: core.port });
  });
  const street = () => visit.person.address.street_address;
  const home = () => `${visit.site.url}/`;
  let userRef: string;

  it('a person signs in and is known by a code', async () => {
    const { page, person } = visit;
    const returned = page.waitForRequest((request) => request.url().includes('/userref/callback?'));
    await signIn(page, home(), person.name);
    userRef = await shownRef(page);
    expect(userRef).toMatch(/^ppid_[a-z2-7]{26}$/);
    // Firewalls cut or drop what is longer than 255 characters.
    const { searchParams } = new URL((await returned).url());
    expect(searchParams.get('state')?.length).toBeLessThanOrEqual(64);
    expect(searchParams.get('code')?.length).toBeLessThanOrEqual(128);
  });

  it('checkout asks for address and e-mail, and shows the address that was shared', async () => {
    await checkOut(visit.page, /Copper Pan/, street());
  });

  it('the order page fetches the address live; the e-mail is refused', async () => {
    const { page } = visit;
    await placeOrder(page, street());
    expect(page.url()).toContain('/orders/CS-');
    expect(await page.locator('[data-stored]').innerText()).toContain(userRef);
  });

  it('the shop holds no personal data: not in its database, its log, its sessions or the cookies', async () => {
    const { browser, core, site } = visit;
    expect((await browser.cookies(site.url)).map(({ name }) => name)).toContain('PHPSESSID');
    const dir = join(site.databaseFile, '..');
    const sessions = filesIn(dir, /^sess_/);
    expect(sessions.length).toBeGreaterThan(0);
    expect(readFileSync(site.databaseFile).includes(userRef)).toBe(true);
    const logs = [...sessions, ...filesIn(dir, /^php\.log$/)];
    await expectNoPersonalData(canariesOf(core.environment.people), [
      { name: 'database', kind: 'sqlite', file: site.databaseFile },
      ...logs.map((file) => ({ name: file, kind: 'log' as const, file: join(dir, file) })),
      await cookiesOf(browser, site.url),
    ]);
  });

  it('withdrawing in My data signs the open tab out and takes the address off the page', async () => {
    const { browser, core, page } = visit;
    await stopAllSharing(browser, core);
    await seeSharingEnd(page, street());
  });

  it('signing in again works, under the same code, with nothing shared', async () => {
    const { page, site } = visit;
    await nextSecond();
    await signInWithOneClick(page, home());
    expect(await shownRef(page)).toBe(userRef);
    await page.goto(`${site.url}/orders`);
    expect(await page.content()).not.toContain(street());
  });

  it('signing out ends the session here and at the core', async () => {
    await signOut(visit.page, home());
  });
});

function filesIn(folder: string, names: RegExp): string[] {
  return readdirSync(folder).filter((name) => names.test(name));
}
