import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeViolations, scrollsSideways } from '../../../hosted-core/test/support/page-checks.ts';
import { canariesOf } from '../../demo/src/start-demo.ts';
import { noBrowser, openBrowser } from '../../demo/test/support/chromium.ts';
import { nextSecond } from '../../demo/test/support/next-second.ts';
import { cookiesOf, expectNoPersonalData } from '../../demo/test/support/no-personal-data.ts';
import { useVisit } from '../../demo/test/support/use-visit.ts';
import {
  clickSignIn,
  seeSharingEnd,
  shareOnlyTheAddress,
  shownRef,
  signIn,
  signInWithOneClick,
  stopAllSharing,
} from '../../demo/test/support/visitor.ts';
import { startMagazine } from '../src/index.ts';
import { everythingBelow } from '../src/start-magazine.ts';
import { ensureWordPress } from './support/ensure-wordpress.ts';

const noWordPress = ensureWordPress();

/** The storyboard of the shops, on real WordPress. Each test goes on where the one before stopped. */
describe.skipIf(noBrowser !== undefined || noWordPress !== undefined)('the magazine on WordPress', () => {
  const attributes = ['address:shipping', 'contact:email', 'profile:name'];
  const visit = useVisit({ site: 'magazine', name: 'Harbour & Hill', attributes }, (core) =>
    startMagazine({
      ...core.site,
      dataDir: join(core.dataDir, 'magazine'),
      port: core.port,
      // Whatever ends a session below, a webhook ended it.
      pollSeconds: 3600,
    }),
  );
  const at = (path: string) => `${visit.site.url}${path}`;
  const street = () => visit.person.address.street_address;
  let userRef: string;

  it('a reader meets the gate, signs in from there, and comes back to the open story', async () => {
    await page.goto(`${magazine.url}/a-room-above-the-chandler/`);
    expect(await page.locator('[data-gate]').count()).toBe(1);
    expect(await page.content()).not.toContain('Heard her pass');
    await expectReadable(page);
    await signIn(page);
    await page.waitForURL(`${magazine.url}/a-room-above-the-chandler/`);
    expect(await page.content()).toContain('Heard her pass');
    userRef = (await shownRef(page)) ?? '';
    expect(userRef).toMatch(/^ppid_[a-z2-7]{26}$/);
  });

  it('the page of the printed issue asks for address and e-mail, and shows the address that was shared', async () => {
    await page.getByRole('link', { name: 'Printed issue' }).click();
    await page.locator('[data-question]').waitFor();
    await expectReadable(page);
    await page.getByRole('link', { name: 'Share a delivery address' }).click();
    await page.waitForURL(/\/interaction\//);
    expect(await page.getByRole('checkbox').count()).toBe(2);
    await page.getByLabel('Delivery address').check();
    await page.getByRole('button', { name: 'Share selected' }).click();
    await page.waitForURL(`${magazine.url}/printed-issue/`);
    const address = await page.locator('[data-attribute="address:shipping"]').innerText();
    expect(address).toContain(person().address.street_address);
    expect(await page.locator('[data-attribute="contact:email"]').innerText()).not.toContain(person().email);
    await expectReadable(page);
    const again = await page.reload();
    expect(again?.headers()['cache-control']).toContain('no-store');
  });

  it('while the bridge is away the reader stays signed in, and the page says that it cannot read the address', async () => {
    magazine.setConstants({ USERREF_BRIDGE: `unix:${join(house.dataDir, 'nobody.sock')}` });
    await page.reload();
    expect(await shownRef(page)).toBe(userRef);
    expect(await page.locator('[data-attributes-error]').innerText()).toContain('try again in a minute');
    magazine.setConstants({ USERREF_BRIDGE: magazine.bridge?.address ?? '' });
    await page.reload();
    expect(await page.locator('[data-attribute="address:shipping"]').count()).toBe(1);
  });

  it('the site holds no personal data: not in its database, logs, mails, uploads or the cookies', async () => {
    const cookies = await browser.cookies([magazine.url]);
    expect(cookies.map(({ name }) => name).join()).toContain('wordpress_logged_in_');
    expect((await magazine.databaseDump()).includes(userRef)).toBe(true);
    await expectNoPersonalData();
  });

  it('the database keeps no address of the network and no name of the browser either', async () => {
    const [tokens] = (
      await magazine.sql("select meta_value from wp_usermeta where meta_key = 'session_tokens'")
    ).split('\n');
    expect(tokens).toContain('userref');
    expect(tokens).not.toContain('127.0.0.1');
    expect(tokens).not.toMatch(/mozilla|chrom/i);
  });

  it('withdrawing in My data ends the session by webhook, and takes what is personal off the open tab', async () => {
    const account = await browser.newPage();
    await account.goto(`${house.environment.settings.cell.url}/account`);
    const stop = account
      .getByRole('article', { name: 'Harbour & Hill' })
      .getByRole('button', { name: /Stop all sharing/ });
    await Promise.all([stop.click(), untilSignedOut()]);
    // Nothing but the webhook could have told the site.
    await page.locator('[data-signed-out-notice]:not([hidden])').waitFor({ timeout: 15_000 });
    expect(await page.locator('body').innerText()).not.toContain(person().address.street_address);
    await page.reload();
    expect(await page.locator('[data-user-ref]').count()).toBe(0);
    await account.close();
  });

  it('signing in again finds the same account, under the same code, with nothing shared', async () => {
    await nextSecond();
    await page.goto(`${magazine.url}/printed-issue/`);
    await signIn(page);
    await page.waitForURL(`${magazine.url}/printed-issue/`);
    expect(await shownRef(page)).toBe(userRef);
    expect(await page.locator('[data-question]').count()).toBe(1);
    expect(await page.content()).not.toContain(person().address.street_address);
    expect(await magazine.sql('select count(*) from wp_users')).toBe('2\n');
  });

  it('signing out ends the session here and at the core, and in the other tab', async () => {
    const other = await browser.newPage();
    await other.goto(`${magazine.url}/members-room/`);
    expect(await shownRef(other)).toBe(userRef);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.waitForURL(`${magazine.url}/`);
    expect(await page.locator('[data-user-ref]').count()).toBe(0);
    await expectReadable(page);
    await other.locator('[data-signed-out-notice]:not([hidden])').waitFor();
    expect(await other.locator('[data-members]').count()).toBe(0);
    await other.close();
  });

  it('two logins that were begun in two tabs of another browser both arrive where they were begun', async () => {
    const second = await openBrowser();
    try {
      const tabs = [
        { tab: await second.newPage(), path: '/members-room/' },
        { tab: await second.newPage(), path: '/printed-issue/' },
      ];
      for (const { tab, path } of tabs) {
        await tab.goto(`${magazine.url}${path}`);
        await tab.getByRole('link', { name: SIGN_IN }).first().click();
        await tab.getByRole('button', { name: person().name }).waitFor();
      }
      for (const { tab, path } of tabs) {
        await tab.getByRole('button', { name: person().name }).click();
        await tab.waitForURL(`${magazine.url}${path}`);
        expect(await shownRef(tab)).toBe(userRef);
      }
    } finally {
      await second.close();
    }
  });

  it('the administrator signs in with a password, and readers are no more than readers', async () => {
    await page.goto(`${magazine.url}/`);
    await signIn(page);
    await page.locator('[data-user-ref]').waitFor();
    await page.goto(`${magazine.url}/wp-admin/`);
    expect(await page.locator('#wpadminbar').innerText()).not.toContain('Plugins');
    await browser.clearCookies({ domain: 'localhost', name: /^wordpress/ });
    await page.goto(`${magazine.url}/wp-login.php`);
    expect(await page.getByRole('link', { name: /Userref/ }).count()).toBe(1);
    await page.getByLabel('Username or Email Address').fill(magazine.admin.login);
    await page.getByLabel('Password', { exact: true }).fill(magazine.admin.password);
    await page.getByRole('button', { name: 'Log In' }).click();
    await page.waitForURL(`${magazine.url}/wp-admin/`);
    await page.goto(`${magazine.url}/members-room/`);
    expect(await page.locator('[data-local-user]').count()).toBe(1);
    expect(await page.locator('[data-members]').count()).toBe(1);
  });

  it('in the end there is still no personal data, and no warning of plug-in or magazine in the log', async () => {
    const log = readFileSync(magazine.logs.debug, 'utf8');
    // WordPress itself may be older than this PHP.
    const isOfOldWordPress = (line: string) => /PHP Deprecated: .* in \S+\/wp-(includes|admin)\//.test(line);
    const ours = log.split('\n').filter((line) => line.startsWith('[') && !isOfOldWordPress(line));
    expect(ours).toEqual([]);
    // In MariaDB's own files what was deleted stays for a while.
    const files = everythingBelow(join(magazine.folder, 'database', 'data'));
    expect(files.includes(userRef)).toBe(true);
    await expectNoPersonalData([{ name: 'database files', kind: 'buffer', bytes: files }]);
  });

  async function expectNoPersonalData(more: readonly CanaryPlace[] = []): Promise<void> {
    const cookies = Buffer.from(JSON.stringify(await browser.cookies([magazine.url])));
    const report = await searchForCanaries({
      canaries: canariesOf(house.environment.people),
      places: [...magazine.places, ...more, { name: 'cookies', kind: 'cookies', bytes: cookies }],
    });
    expect(report.hits).toEqual([]);
    expect(report.positiveControlFound).toBe(report.positiveControlPlanted);
  }

  /** By day, by night, and on a small phone. */
  async function expectReadable(shown: Page): Promise<void> {
    const size = shown.viewportSize() ?? { width: 1280, height: 720 };
    for (const colorScheme of ['light', 'dark'] as const) {
      await shown.emulateMedia({ colorScheme });
      expect([colorScheme, await axeViolations(shown)]).toEqual([colorScheme, []]);
    }
    await shown.setViewportSize({ width: 320, height: 640 });
    expect(await scrollsSideways(shown)).toBe(false);
    await shown.setViewportSize(size);
  }

  async function untilSignedOut(): Promise<void> {
    const address = `${magazine.url}/wp-admin/admin-ajax.php?action=harbour_live`;
    for (;;) {
      const answer = await browser.request.get(address);
      if (!((await answer.json()) as { signed_in: boolean }).signed_in) return;
      await sleep(50);
    }
  }
});
