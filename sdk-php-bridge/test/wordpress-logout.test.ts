import { describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import type { Browser } from '../../hosted-core/test/support/browser.ts';
import { ensurePhp } from './support/php.ts';
import { useWordPress } from './support/use-wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();

describe.skipIf(problem !== undefined)('signing out of WordPress', () => {
  const wordpress = useWordPress();
  const cookieHeader = () =>
    [...wordpress.browser.cookies].map(([key, { value }]) => `${key.split('|')[0]}=${value}`).join('; ');
  async function logoutAddress(of: Browser): Promise<string> {
    const page = await wordpress.text('/wp-admin/profile.php', of);
    const [, href = ''] = /href=["']([^"']*action=logout[^"']*)/.exec(page) ?? [];
    return href.replaceAll(/&#0?38;|&amp;/g, '&');
  }

  it('signs out at the core too when somebody signs out of WordPress', async () => {
    await wordpress.signIn(wordpress.browser);
    const { url: end } = await wordpress.browser.open(await logoutAddress(wordpress.browser), {
      stopAt: wordpress.core.issuer,
    });
    expect(end.pathname).toBe('/session/end');
    expect((await wordpress.browser.open(end.href)).url.href).toBe(wordpress.url('/'));
    expect(await wordpress.isGreeted()).toBe(false);
  });

  it('lets who did not finish signing out at the core sign in again', async () => {
    await wordpress.signIn(wordpress.browser);
    await wordpress.browser.open(await logoutAddress(wordpress.browser), { stopAt: wordpress.core.issuer });
    expect(await wordpress.isGreeted()).toBe(false);
    await wordpress.signIn(wordpress.browser);
    expect(await wordpress.isGreeted()).toBe(true);
  });

  it('signs out of WordPress, cookies and all, by its own address and a form of this site alone', async () => {
    await wordpress.signIn(wordpress.browser);
    const stolen = cookieHeader();
    const post = (origin: string) =>
      wordpress.browser.fetch(wordpress.url('/userref/logout'), { method: 'POST', headers: { origin } });
    expect((await post('https://evil.example')).status).toBe(403);
    expect(await wordpress.isGreeted()).toBe(true);
    expect(await (await post(wordpress.site.url)).json()).toMatchObject({
      logout_url: expect.stringContaining('/session/end'),
    });
    expect(await wordpress.isGreeted()).toBe(false);
    const again = await fetch(wordpress.url('/'), { headers: { cookie: stolen } });
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
