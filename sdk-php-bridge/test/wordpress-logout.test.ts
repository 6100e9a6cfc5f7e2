import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { ensurePhp } from './support/php.ts';
import { anotherPerson, startTestWordPress, type TestWordPress } from './support/wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();

describe.skipIf(problem !== undefined)('signing out of WordPress', () => {
  let wordpress: TestWordPress;
  let browser: Browser;
  const site = () => wordpress.site;
  const url = (path: string) => `${site().url}${path}`;
  const text = async (path: string) => (await browser.fetch(url(path))).text();
  const isSignedIn = async () => /class="[^"]*logged-in/.test(await text('/'));
  const cookieHeader = () =>
    [...browser.cookies].map(([key, { value }]) => `${key.split('|')[0]}=${value}`).join('; ');
  async function logoutAddress(of: Browser): Promise<string> {
    const page = await (await of.fetch(url('/wp-admin/profile.php'))).text();
    const [, href = ''] = /href="([^"]*action=logout[^"]*)"/.exec(page) ?? [];
    return href.replaceAll(/&#0?38;|&amp;/g, '&');
  }

  beforeAll(async () => {
    wordpress = await startTestWordPress();
  }, 120_000);
  afterAll(() => wordpress?.stop());
  beforeEach(() => {
    browser = new Browser();
    anotherPerson(wordpress.core);
  });

  it('signs out at the core too when somebody signs out of WordPress', async () => {
    await wordpress.signIn(browser);
    const { url: end } = await browser.open(await logoutAddress(browser), { stopAt: wordpress.core.issuer });
    expect(end.pathname).toBe('/session/end');
    expect((await browser.open(end.href)).url.href).toBe(url('/'));
    expect(await isSignedIn()).toBe(false);
  });

  it('lets who did not finish signing out at the core sign in again', async () => {
    await wordpress.signIn(browser);
    await browser.open(await logoutAddress(browser), { stopAt: wordpress.core.issuer });
    expect(await isSignedIn()).toBe(false);
    await wordpress.signIn(browser);
    expect(await isSignedIn()).toBe(true);
  });

  it('signs out of WordPress, cookies and all, by its own address and a form of this site alone', async () => {
    await wordpress.signIn(browser);
    const stolen = cookieHeader();
    const post = (origin: string) =>
      browser.fetch(url('/userref/logout'), { method: 'POST', headers: { origin } });
    expect((await post('https://evil.example')).status).toBe(403);
    expect(await isSignedIn()).toBe(true);
    expect(await (await post(site().url)).json()).toMatchObject({
      logout_url: expect.stringContaining('/session/end'),
    });
    expect(await isSignedIn()).toBe(false);
    const again = await fetch(url('/'), { headers: { cookie: stolen } });
    expect(await again.text()).not.toMatch(/class="[^"]*logged-in/);
  });

  it('leaves who signed in by password alone when they sign out', async () => {
    const administrator = await wordpress.administrator();
    const address = await logoutAddress(administrator);
    const before = wordpress.core.callsTo('logout').length;
    expect((await administrator.open(address)).url.pathname).toBe('/wp-login.php');
    expect(wordpress.core.callsTo('logout').length).toBe(before);
  });
});
