import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { ChangedConstants } from './support/changed-constants.ts';
import { loadPage } from './support/load-page.ts';
import { ensurePhp } from './support/php.ts';
import { BRIDGE_SECRET, newFolder, startTestBridge } from './support/test-bridge.ts';
import { anotherPerson, startTestWordPress, type TestWordPress, testPlugin } from './support/wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();

describe.skipIf(problem !== undefined)('login to WordPress', () => {
  let wordpress: TestWordPress;
  let browser: Browser;
  let constants: ChangedConstants;
  let undo: (() => unknown)[] = [];
  const site = () => wordpress.site;
  const url = (path: string) => `${site().url}${path}`;
  const text = async (path: string) => (await browser.fetch(url(path))).text();
  const isSignedIn = async () => /class="[^"]*logged-in/.test(await text('/'));

  beforeAll(async () => {
    wordpress = await startTestWordPress({ mustUsePlugins: [testPlugin('page-cache')] });
    constants = await ChangedConstants.of(wordpress);
  }, 120_000);
  afterAll(() => wordpress?.stop());
  beforeEach(() => {
    browser = new Browser();
    anotherPerson(wordpress.core);
  });
  afterEach(async () => {
    constants.undo();
    for (const step of undo.reverse()) await step();
    undo = [];
  });

  it('begins on the page where the visitor is and ends there', async () => {
    const { url: end, response } = await wordpress.signIn(browser, '/?s=shoes&page=2');
    expect(end.pathname + end.search).toBe('/?s=shoes&page=2');
    expect(await response.text()).toMatch(/class="[^"]*logged-in/);
  });

  it('shows the button on the login page, and takes up where WordPress wanted to go', async () => {
    const page = await text(`/wp-login.php?redirect_to=${encodeURIComponent(url('/wp-admin/profile.php'))}`);
    const href = /class="userref-login-button[^>]*href="([^"]*)"/.exec(page)?.[1] ?? '';
    expect(href).toBe('/userref/login?return_to=%2Fwp-admin%2Fprofile.php');
    expect((await browser.open(url(href))).url.pathname).toBe('/wp-admin/profile.php');
  });

  it('opens a window of its own from the small one that WordPress shows when a session is over', async () => {
    const button = async (path: string) =>
      /<a [^>]*class="userref-login-button[^>]*>/.exec(await text(path))?.[0];
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
    const page = await text(
      `/wp-login.php?redirect_to=${encodeURIComponent(target.replace('SITE', site().url))}`,
    );
    const href = /class="userref-login-button[^>]*href="([^"]*)"/.exec(page)?.[1];
    expect(href).toMatch(/^\/userref\/login\?return_to=/);
    expect(page).not.toContain('<script>alert(1)');
    expect(new URLSearchParams(href?.split('?')[1]).get('return_to')).toBe(returnTo);
  });

  it('has the button as shortcode, block and function, each with nothing of a login in it', async () => {
    const created =
      await wordpress.ask(`return get_permalink(wp_insert_post(['post_title' => 'Members', 'post_status' => 'publish',
      'post_name' => 'members', 'post_type' => 'page',
      'post_content' => '[userref_login label="In <b>now</b>"]<!-- wp:userref/login {"label":"Block"} /-->']));`);
    const begun = wordpress.core.callsTo('par').length;
    const page = await text(new URL(created).pathname);
    const links = [...page.matchAll(/class="userref-login-button[^>]*href="([^"]*)">([^<]*)</g)];
    expect(links.map(([, href, label]) => [href, label])).toEqual([
      ['/userref/login?return_to=%2Fmembers%2F', 'In now'],
      ['/userref/login?return_to=%2Fmembers%2F', 'Block'],
    ]);
    expect(await wordpress.ask("return userref_login_button('/basket');")).toContain('return_to=%2Fbasket');
    expect(page).not.toMatch(/authorize|request_uri|state=/);
    expect(wordpress.core.callsTo('par').length).toBe(begun);
    await wordpress.signIn(browser, '/members/');
    expect(await text('/members/')).not.toContain('userref-login-button');
  });

  it('works from a page that a cache keeps, and no cache keeps what belongs to one login', async () => {
    const folder = join(newFolder(), 'pages');
    mkdirSync(folder);
    constants.set({ TEST_PAGE_CACHE: folder });
    await text('/wp-login.php');
    const cached = await browser.fetch(url('/wp-login.php'));
    expect(cached.headers.get('x-page-cache')).toBe('hit');
    const href = /class="userref-login-button[^>]*href="([^"]*)"/.exec(await cached.text())?.[1] ?? '';
    const targets = new Set<string>();
    for (const visitor of [new Browser(), new Browser()]) {
      const { response } = await visitor.open(url(href), { stopAt: wordpress.core.issuer });
      expect(response.headers.get('x-page-cache')).toBeNull();
      const start = await new Browser().fetch(url(href));
      targets.add(start.headers.get('location') ?? '');
      expect(start.headers.get('cache-control')).toContain('no-store');
      expect(start.headers.get('vary')).toContain('Cookie');
      await visitor.open(url(href));
      expect(await (await visitor.fetch(url('/'))).text()).toMatch(/class="[^"]*logged-in/);
    }
    expect(targets.size).toBe(2);
    const back = await loadPage(url('/userref/callback?state=x&code=y'));
    expect(back.headers['cache-control']).toContain('no-store');
    expect((await loadPage(url('/userref/callback?state=x&code=y'))).headers['x-page-cache']).toBeUndefined();
  });

  it('comes back to the configured address, whatever the request says of itself', async () => {
    await fetch(url('/userref/login'), {
      redirect: 'manual',
      headers: {
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'gopher',
        forwarded: 'host=evil.example',
      },
    });
    const pushed = wordpress.core.callsTo('par').at(-1)?.body.get('redirect_uri');
    expect(pushed).toBe(url('/userref/callback'));
    expect(
      await wordpress.ask(
        "$_SERVER['HTTP_HOST'] = 'evil.example'; return UserrefLogin\\Plugin::services()->settings()->address('callback');",
      ),
    ).toBe(pushed);
  });

  it('works below a folder', async () => {
    constants.set({ WP_HOME: url('/blog') });
    const bridge = await startTestBridge(wordpress.core, {
      settings: {
        USERREF_BASE_URL: site().url,
        USERREF_CALLBACK_PATH: '/blog/userref/callback',
        USERREF_LOGIN_PATH: '/blog/userref/login',
      },
    });
    undo.push(() => bridge.stop());
    constants.set({ USERREF_BRIDGE: bridge.address });
    constants.set({ USERREF_BRIDGE_SECRET: BRIDGE_SECRET });
    const { url: end } = await browser.open(url('/blog/userref/login'));
    expect(end.pathname).toBe('/blog/');
    expect(await text('/blog/')).toMatch(/class="[^"]*logged-in/);
    expect((await loadPage(url('/userref/login'))).status).toBe(404);
    const page = await loadPage(url('/blog/userref/callback?state=x&code=y'));
    expect(page.text).toContain('href="/blog/"');
    expect(page.text).toContain('href="/blog/userref/login');
  });

  it('works without pretty permalinks', async () => {
    await site().sql("update wp_options set option_value = '' where option_name = 'permalink_structure'");
    undo.push(() =>
      site().sql(
        "update wp_options set option_value = '/%postname%/' where option_name = 'permalink_structure'",
      ),
    );
    const bridge = await startTestBridge(wordpress.core, {
      settings: { USERREF_BASE_URL: site().url, USERREF_CALLBACK_PATH: '/index.php/userref/callback' },
    });
    undo.push(() => bridge.stop());
    constants.set({ USERREF_BRIDGE: bridge.address });
    constants.set({ USERREF_BRIDGE_SECRET: BRIDGE_SECRET });
    expect(await text('/wp-login.php')).toContain('href="/index.php/userref/login?return_to=%2F"');
    const start = await browser.fetch(url('/index.php/userref/login'));
    expect(start.headers.get('location')).toContain(wordpress.core.issuer);
    const back = await browser.open(start.headers.get('location') ?? '', { stopAt: site().url });
    expect(back.url.pathname).toBe('/index.php/userref/callback');
    expect((await browser.fetch(back.url)).headers.get('location')).toBe('/');
    expect(await isSignedIn()).toBe(true);
  });

  it('goes on in two tabs at once', async () => {
    const one = await browser.open(url('/userref/login?return_to=/one'), {
      stopAt: `${wordpress.core.issuer}/auth`,
    });
    const other = await browser.open(url('/userref/login?return_to=/other'), {
      stopAt: `${wordpress.core.issuer}/auth`,
    });
    expect((await browser.open(other.url.href)).url.pathname).toBe('/other');
    expect((await browser.open(one.url.href)).url.pathname).toBe('/one');
    expect(await isSignedIn()).toBe(true);
  });
});
