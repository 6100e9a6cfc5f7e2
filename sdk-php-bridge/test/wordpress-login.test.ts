import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { loadPage } from './support/load-page.ts';
import { ensurePhp } from './support/php.ts';
import { BRIDGE_SECRET, newFolder, startTestBridge } from './support/test-bridge.ts';
import { useWordPress } from './support/use-wordpress.ts';
import { testPlugin } from './support/wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();

describe.skipIf(problem !== undefined)('login to WordPress', () => {
  const under = useWordPress({ mustUsePlugins: [testPlugin('page-cache')] });

  it('begins on the page where the visitor is and ends there', async () => {
    const { url: end, response } = await under.signIn(under.browser, '/?s=shoes&page=2');
    expect(end.pathname + end.search).toBe('/?s=shoes&page=2');
    expect(await response.text()).toMatch(/class="[^"]*logged-in/);
  });

  it('shows the button on the login page, and takes up where WordPress wanted to go', async () => {
    const page = await under.text(
      `/wp-login.php?redirect_to=${encodeURIComponent(under.url('/wp-admin/profile.php'))}`,
    );
    const href = /class="userref-login-button[^>]*href="([^"]*)"/.exec(page)?.[1] ?? '';
    expect(href).toBe('/userref/login?return_to=%2Fwp-admin%2Fprofile.php');
    expect((await under.browser.open(under.url(href))).url.pathname).toBe('/wp-admin/profile.php');
  });

  it('opens a window of its own from the small one that WordPress shows when a session is over', async () => {
    const button = async (path: string) =>
      /<a [^>]*class="userref-login-button[^>]*>/.exec(await under.text(path))?.[0];
    expect(await button('/wp-login.php?interim-login=1')).toContain('target="_blank"');
    expect(await button('/wp-login.php')).not.toContain('target');
  });

  it.each([
    ['an address elsewhere', 'https://evil.example/', '/'],
    ['an address elsewhere without its scheme', '//evil.example/', '/'],
    ['a backslash', '/\\evil.example/', '/evil.example/'],
    ['a script', 'javascript:alert(1)', '/'],
    ['our own address', '/userref/logout', '/'],
    ['HTML', '/"><script>alert(1)</script>', '/scriptalert(1)/script'],
    ['an address that only begins like ours', 'http://localhost.evil.example/', '/'],
    ['an address here', 'SITE/here?a=1', '/here?a=1'],
  ])('leads back to this site alone when the page to come back to is %s', async (_name, target, returnTo) => {
    const page = await under.text(
      `/wp-login.php?redirect_to=${encodeURIComponent(target.replace('SITE', under.site.url))}`,
    );
    const href = /class="userref-login-button[^>]*href="([^"]*)"/.exec(page)?.[1];
    expect(href).toMatch(/^\/userref\/login\?return_to=/);
    expect(page).not.toContain('<script>alert(1)');
    expect(new URLSearchParams(href?.split('?')[1]).get('return_to')).toBe(returnTo);
  });

  it('has the button as shortcode, block and function, each with nothing of a login in it', async () => {
    const created =
      await under.ask(`return get_permalink(wp_insert_post(['post_title' => 'Members', 'post_status' => 'publish',
      'post_name' => 'members', 'post_type' => 'page',
      'post_content' => '[userref_login label="In <b>now</b>"]<!-- wp:userref/login {"label":"Block"} /-->']));`);
    const begun = under.core.callsTo('par').length;
    const page = await under.text(new URL(created).pathname);
    const links = [...page.matchAll(/class="userref-login-button[^>]*href="([^"]*)">([^<]*)</g)];
    expect(links.map(([, href, label]) => [href, label])).toEqual([
      ['/userref/login?return_to=%2Fmembers%2F', 'In now'],
      ['/userref/login?return_to=%2Fmembers%2F', 'Block'],
    ]);
    expect(await under.ask("return userref_login_button('/basket');")).toContain('return_to=%2Fbasket');
    expect(page).not.toMatch(/authorize|request_uri|state=/);
    expect(under.core.callsTo('par').length).toBe(begun);
    await under.signIn(under.browser, '/members/');
    expect(await under.text('/members/')).not.toContain('userref-login-button');
  });

  it('works from a page that a cache keeps, and no cache keeps what belongs to one login', async () => {
    const folder = join(newFolder(), 'pages');
    mkdirSync(folder);
    under.constants.set({ TEST_PAGE_CACHE: folder });
    await under.text('/wp-login.php');
    const cached = await under.browser.fetch(under.url('/wp-login.php'));
    expect(cached.headers.get('x-page-cache')).toBe('hit');
    const href = /class="userref-login-button[^>]*href="([^"]*)"/.exec(await cached.text())?.[1] ?? '';
    const targets = new Set<string>();
    for (const visitor of [new Browser(), new Browser()]) {
      const { response } = await visitor.open(under.url(href), { stopAt: under.core.issuer });
      expect(response.headers.get('x-page-cache')).toBeNull();
      const start = await new Browser().fetch(under.url(href));
      targets.add(start.headers.get('location') ?? '');
      expect(start.headers.get('cache-control')).toContain('no-store');
      expect(start.headers.get('vary')).toContain('Cookie');
      await visitor.open(under.url(href));
      expect(await (await visitor.fetch(under.url('/'))).text()).toMatch(/class="[^"]*logged-in/);
    }
    expect(targets.size).toBe(2);
    const back = await loadPage(under.url('/userref/callback?state=x&code=y'));
    expect(back.headers['cache-control']).toContain('no-store');
    expect(
      (await loadPage(under.url('/userref/callback?state=x&code=y'))).headers['x-page-cache'],
    ).toBeUndefined();
  });

  it('comes back to the configured address, whatever the request says of itself', async () => {
    await fetch(under.url('/userref/login'), {
      redirect: 'manual',
      headers: {
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'gopher',
        forwarded: 'host=evil.example',
      },
    });
    const pushed = under.core.callsTo('par').at(-1)?.body.get('redirect_uri');
    expect(pushed).toBe(under.url('/userref/callback'));
    expect(
      await under.ask(
        "$_SERVER['HTTP_HOST'] = 'evil.example'; return UserrefLogin\\Plugin::services()->settings()->address('callback');",
      ),
    ).toBe(pushed);
  });

  it('works below a folder', async () => {
    under.constants.set({ WP_HOME: under.url('/blog') });
    const bridge = await startTestBridge(under.core, {
      settings: {
        USERREF_BASE_URL: under.site.url,
        USERREF_CALLBACK_PATH: '/blog/userref/callback',
        USERREF_LOGIN_PATH: '/blog/userref/login',
      },
    });
    under.undo.push(() => bridge.stop());
    under.constants.set({ USERREF_BRIDGE: bridge.address });
    under.constants.set({ USERREF_BRIDGE_SECRET: BRIDGE_SECRET });
    const { url: end } = await under.browser.open(under.url('/blog/userref/login'));
    expect(end.pathname).toBe('/blog/');
    expect(await under.text('/blog/')).toMatch(/class="[^"]*logged-in/);
    expect((await loadPage(under.url('/userref/login'))).status).toBe(404);
    const page = await loadPage(under.url('/blog/userref/callback?state=x&code=y'));
    expect(page.text).toContain('href="/blog/"');
    expect(page.text).toContain('href="/blog/userref/login');
  });

  it('works without pretty permalinks', async () => {
    await under.site.sql("update wp_options set option_value = '' where option_name = 'permalink_structure'");
    under.undo.push(() =>
      under.site.sql(
        "update wp_options set option_value = '/%postname%/' where option_name = 'permalink_structure'",
      ),
    );
    const bridge = await startTestBridge(under.core, {
      settings: { USERREF_BASE_URL: under.site.url, USERREF_CALLBACK_PATH: '/index.php/userref/callback' },
    });
    under.undo.push(() => bridge.stop());
    under.constants.set({ USERREF_BRIDGE: bridge.address });
    under.constants.set({ USERREF_BRIDGE_SECRET: BRIDGE_SECRET });
    expect(await under.text('/wp-login.php')).toContain('href="/index.php/userref/login?return_to=%2F"');
    const start = await under.browser.fetch(under.url('/index.php/userref/login'));
    expect(start.headers.get('location')).toContain(under.core.issuer);
    const back = await under.browser.open(start.headers.get('location') ?? '', { stopAt: under.site.url });
    expect(back.url.pathname).toBe('/index.php/userref/callback');
    expect((await under.browser.fetch(back.url)).headers.get('location')).toBe('/');
    expect(await under.isGreeted()).toBe(true);
  });

  it('goes on in two tabs at once', async () => {
    const one = await under.browser.open(under.url('/userref/login?return_to=/one'), {
      stopAt: `${under.core.issuer}/auth`,
    });
    const other = await under.browser.open(under.url('/userref/login?return_to=/other'), {
      stopAt: `${under.core.issuer}/auth`,
    });
    expect((await under.browser.open(other.url.href)).url.pathname).toBe('/other');
    expect((await under.browser.open(one.url.href)).url.pathname).toBe('/one');
    expect(await under.isGreeted()).toBe(true);
  });
});
