import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { launchChromium, noBrowser } from '../../../hosted-core/test/support/launch-chromium.ts';
import { axeViolations, scrollsSideways } from '../../../hosted-core/test/support/page-checks.ts';
import { canariesOf } from '../../demo/src/start-demo.ts';
import { nextSecond } from '../../demo/test/support/next-second.ts';
import { cookiesOf, expectNoPersonalData } from '../../demo/test/support/no-personal-data.ts';
import { useVisit } from '../../demo/test/support/use-visit.ts';
import {
  followSignIn,
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
  const canaries = () => canariesOf(visit.core.environment.people);
  let userRef: string;

  it('a reader meets the gate, signs in from there, and comes back to the open story', async () => {
    const { page, person } = visit;
    const story = at('/a-room-above-the-chandler/');
    await page.goto(story);
    expect(await page.locator('[data-gate]').count()).toBe(1);
    expect(await page.content()).not.toContain('Heard her pass');
    await expectReadable(page);
    await signIn(page, story, person.name);
    expect(await page.content()).toContain('Heard her pass');
    userRef = await shownRef(page);
    expect(userRef).toMatch(/^ppid_[a-z2-7]{26}$/);
  });

  it('the page of the printed issue asks for address and e-mail, and shows the address that was shared', async () => {
    const { page, person } = visit;
    await page.getByRole('link', { name: 'Printed issue' }).click();
    await page.locator('[data-question]').waitFor();
    await expectReadable(page);
    await page.getByRole('link', { name: 'Share a delivery address' }).click();
    await shareOnlyTheAddress(page);
    await page.waitForURL(at('/printed-issue/'));
    expect(await page.locator('[data-attribute="address:shipping"]').innerText()).toContain(street());
    expect(await page.locator('[data-attribute="contact:email"]').innerText()).not.toContain(person.email);
    await expectReadable(page);
    const again = await page.reload();
    expect(again?.headers()['cache-control']).toContain('no-store');
  });

  it('while the bridge is away the reader stays signed in, and the page says that it cannot read the address', async () => {
    const { core, page, site } = visit;
    site.setConstants({ USERREF_BRIDGE: `unix:${join(core.dataDir, 'nobody.sock')}` });
    await page.reload();
    expect(await shownRef(page)).toBe(userRef);
    expect(await page.locator('[data-attributes-error]').innerText()).toContain('try again in a minute');
    site.setConstants({ USERREF_BRIDGE: site.bridge?.address ?? '' });
    await page.reload();
    expect(await page.locator('[data-attribute="address:shipping"]').count()).toBe(1);
  });

  it('the site holds no personal data: not in its database, logs, mails, uploads or the cookies', async () => {
    const { browser, site } = visit;
    expect((await browser.cookies(site.url)).map(({ name }) => name).join()).toContain(
      'wordpress_logged_in_',
    );
    expect((await site.databaseDump()).includes(userRef)).toBe(true);
    await expectNoPersonalData(canaries(), [...site.places, await cookiesOf(browser, site.url)]);
  });

  it('the database keeps no address of the network and no name of the browser either', async () => {
    const [tokens] = (
      await visit.site.sql("select meta_value from wp_usermeta where meta_key = 'session_tokens'")
    ).split('\n');
    expect(tokens).toContain('userref');
    expect(tokens).not.toContain('127.0.0.1');
    expect(tokens).not.toMatch(/mozilla|chrom/i);
  });

  it('withdrawing in My data ends the session by webhook, and takes what is personal off the open tab', async () => {
    const { browser, core, page } = visit;
    await stopAllSharing(browser, core);
    await seeSharingEnd(page, street());
  });

  it('signing in again finds the same account, under the same code, with nothing shared', async () => {
    const { page, site } = visit;
    await nextSecond();
    await signInWithOneClick(page, at('/printed-issue/'));
    expect(await shownRef(page)).toBe(userRef);
    expect(await page.locator('[data-question]').count()).toBe(1);
    expect(await page.content()).not.toContain(street());
    expect(await site.sql('select count(*) from wp_users')).toBe('2\n');
  });

  it('signing out ends the session here and at the core, and in the other tab', async () => {
    const { browser, page } = visit;
    const other = await browser.newPage();
    await other.goto(at('/members-room/'));
    expect(await shownRef(other)).toBe(userRef);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.waitForURL(at('/'));
    expect(await page.locator('[data-user-ref]').count()).toBe(0);
    await expectReadable(page);
    await other.locator('[data-signed-out-notice]:not([hidden])').waitFor();
    expect(await other.locator('[data-members]').count()).toBe(0);
    await other.close();
  });

  it('two logins that were begun in two tabs of another browser both arrive where they were begun', async () => {
    const second = await launchChromium();
    try {
      const choice = { name: visit.person.name };
      const tabs = [
        { tab: await second.newPage(), from: at('/members-room/') },
        { tab: await second.newPage(), from: at('/printed-issue/') },
      ];
      for (const { tab, from } of tabs) {
        await followSignIn(tab, from);
        await tab.getByRole('button', choice).waitFor();
      }
      for (const { tab, from } of tabs) {
        await tab.getByRole('button', choice).click();
        await tab.waitForURL(from);
        expect(await shownRef(tab)).toBe(userRef);
      }
    } finally {
      await second.close();
    }
  });

  it('the administrator signs in with a password, and readers are no more than readers', async () => {
    const { browser, page, site } = visit;
    await signInWithOneClick(page, at('/'));
    await page.goto(at('/wp-admin/'));
    expect(await page.locator('#wpadminbar').innerText()).not.toContain('Plugins');
    await browser.clearCookies({ domain: 'localhost', name: /^wordpress/ });
    await page.goto(at('/wp-login.php'));
    expect(await page.getByRole('link', { name: /Userref/ }).count()).toBe(1);
    // WordPress puts the cursor there a moment after the page came, into the midst of what is typed elsewhere.
    await page.locator('#user_login:focus').waitFor();
    await page.getByLabel('Username or Email Address').fill(site.admin.login);
    await page.getByLabel('Password', { exact: true }).fill(site.admin.password);
    await page.getByRole('button', { name: 'Log In' }).click();
    await page.waitForURL(at('/wp-admin/'));
    await page.goto(at('/members-room/'));
    expect(await page.locator('[data-local-user]').count()).toBe(1);
    expect(await page.locator('[data-members]').count()).toBe(1);
  });

  it('in the end there is still no personal data, and no warning of plug-in or magazine in the log', async () => {
    const { browser, site } = visit;
    const log = readFileSync(site.logs.debug, 'utf8');
    // WordPress itself may be older than this PHP.
    const isOfOldWordPress = (line: string) => /PHP Deprecated: .* in \S+\/wp-(includes|admin)\//.test(line);
    const ours = log.split('\n').filter((line) => line.startsWith('[') && !isOfOldWordPress(line));
    expect(ours).toEqual([]);
    // In MariaDB's own files what was deleted stays for a while.
    const bytes = everythingBelow(join(site.folder, 'database', 'data'));
    expect(bytes.includes(userRef)).toBe(true);
    await expectNoPersonalData(canaries(), [
      ...site.places,
      { name: 'database files', kind: 'buffer', bytes },
      await cookiesOf(browser, site.url),
    ]);
  });

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
});
