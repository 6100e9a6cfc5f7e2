import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { loadPage } from './support/load-page.ts';
import { ensurePhp } from './support/php.ts';
import { BRIDGE_SECRET, newFolder, startTestBridge } from './support/test-bridge.ts';
import { anotherPerson, startTestWordPress, type TestWordPress, testPlugin } from './support/wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();

describe.skipIf(problem !== undefined)('login to WordPress', () => {
  let wordpress: TestWordPress;
  let browser: Browser;
  let undo: (() => Promise<unknown> | unknown)[] = [];
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
  function set(constants: Record<string, string | number | boolean>): void {
    site().setConstants(constants);
    undo.push(() =>
      site().setConstants(Object.fromEntries(Object.keys(constants).map((name) => [name, null]))),
    );
  }
  /** As {@link set}, for constants that the site needs afterwards. */
  function change(name: string, value: string): void {
    const before = constants[name] ?? '';
    site().setConstants({ [name]: value });
    undo.push(() => site().setConstants({ [name]: before }));
  }
  let constants: Record<string, string> = {};

  beforeAll(async () => {
    wordpress = await startTestWordPress({
      mustUsePlugins: [testPlugin('page-cache'), testPlugin('faults')],
    });
    constants = await wordpress.ask(
      "return ['USERREF_BRIDGE' => USERREF_BRIDGE, 'USERREF_BRIDGE_SECRET' => USERREF_BRIDGE_SECRET];",
    );
  }, 120_000);
  afterAll(() => wordpress?.stop());
  beforeEach(() => {
    browser = new Browser();
    anotherPerson(wordpress.core);
  });
  afterEach(async () => {
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

  it.each([
    ['an address elsewhere', 'https://evil.example/'],
    ['an address elsewhere without its scheme', '//evil.example/'],
    ['a backslash', '/\\evil.example/'],
    ['a script', 'javascript:alert(1)'],
    ['our own address', '/userref/logout'],
    ['HTML', '/"><script>alert(1)</script>'],
    ['an address that only begins like ours', 'http://localhost.evil.example/'],
  ])('leads to the start page when the page to come back to is %s', async (_name, target) => {
    const page = await text(`/wp-login.php?redirect_to=${encodeURIComponent(target)}`);
    const href = /class="userref-login-button[^>]*href="([^"]*)"/.exec(page)?.[1];
    expect(href).toMatch(/^\/userref\/login\?return_to=/);
    expect(page).not.toContain('<script>alert(1)');
    const returnTo = new URLSearchParams(href?.split('?')[1]).get('return_to') ?? '';
    expect(new URL(returnTo, site().url).origin).toBe(site().url);
  });

  it('has the button as shortcode, block and function, each with nothing of a login in it', async () => {
    const created =
      await wordpress.ask(`return get_permalink(wp_insert_post(['post_title' => 'Members', 'post_status' => 'publish',
      'post_name' => 'members', 'post_type' => 'page',
      'post_content' => '[userref_login label="In <b>now</b>"]<!-- wp:userref/login {"label":"Block"} /-->']));`);
    const calls = wordpress.core.calls.length;
    const page = await text(new URL(created).pathname);
    const links = [...page.matchAll(/class="userref-login-button[^>]*href="([^"]*)">([^<]*)</g)];
    expect(links.map(([, href, label]) => [href, label])).toEqual([
      ['/userref/login?return_to=%2Fmembers%2F', 'In now'],
      ['/userref/login?return_to=%2Fmembers%2F', 'Block'],
    ]);
    expect(await wordpress.ask("return userref_login_button('/basket');")).toContain('return_to=%2Fbasket');
    expect(page).not.toMatch(/authorize|request_uri|state=/);
    expect(wordpress.core.calls.length).toBe(calls);
    await wordpress.signIn(browser, '/members/');
    expect(await text('/members/')).not.toContain('userref-login-button');
  });

  it('works from a page that a cache keeps, and no cache keeps what belongs to one login', async () => {
    const folder = join(newFolder(), 'pages');
    mkdirSync(folder);
    set({ TEST_PAGE_CACHE: folder });
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
    set({ WP_HOME: url('/blog') });
    const bridge = await startTestBridge(wordpress.core, {
      settings: {
        USERREF_BASE_URL: site().url,
        USERREF_CALLBACK_PATH: '/blog/userref/callback',
        USERREF_LOGIN_PATH: '/blog/userref/login',
      },
    });
    undo.push(() => bridge.stop());
    change('USERREF_BRIDGE', bridge.address);
    change('USERREF_BRIDGE_SECRET', BRIDGE_SECRET);
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
    change('USERREF_BRIDGE', bridge.address);
    change('USERREF_BRIDGE_SECRET', BRIDGE_SECRET);
    expect(await text('/wp-login.php')).toContain('href="/index.php/userref/login?return_to=%2F"');
    await browser.open(url('/index.php/userref/login'));
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

  it('shows what happened, why and what to do when a callback has no login, and signs nobody in', async () => {
    const page = await loadPage(url('/userref/callback?state=aaaaaaaaaaaaaaaaaaaaaa&code=b'));
    expect(page.status).toBe(400);
    expect(page.text).toContain('login_state_missing');
    expect(page.text).toContain('Sign in again');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('takes a callback that is sent again for what it is: no error for who is signed in, no login for anybody else', async () => {
    const login = await browser.open(url('/userref/login?return_to=/here'), {
      stopAt: `${wordpress.core.issuer}/auth`,
    });
    const { url: back } = await browser.open(login.url.href, { stopAt: url('/userref/callback') });
    await browser.open(back.href);
    expect((await browser.open(back.href)).url.pathname).toBe('/');
    const stranger = new Browser();
    expect((await stranger.open(back.href)).response.status).toBe(400);
    expect([...stranger.cookies.keys()].join()).not.toContain('wordpress_logged_in');
  });

  it.each([
    ["' or 1=1 -- ", 'SQL'],
    ['"><script>alert(1)</script>', 'HTML'],
    ['%00%0d%0aSet-Cookie:%20a=b', 'a header'],
    ['\u202e\ud83d\ude00', 'signs of every kind'],
  ])('takes %j in every field for text', async (evil) => {
    const encoded = evil.startsWith('%') ? evil : encodeURIComponent(evil);
    for (const path of [
      `/userref/login?return_to=/${encoded}&purpose=${encoded}&attributes=${encoded}&iss=${encoded}`,
      `/userref/login?return_to=${encoded}`,
      `/userref/login?target_link_uri=${encoded}&started_by=${encoded}`,
      `/userref/callback?state=${encoded}&code=${encoded}&iss=${encoded}&error=${encoded}&error_description=${encoded}`,
    ]) {
      const page = await loadPage(url(path), {
        cookie: `userref_${wordpress.core.site}-login-aaaaaaaaaaaaaaaa=${encodeURIComponent(evil)}`,
      });
      expect(page.status, path).toBeLessThan(500);
      expect(page.text).not.toContain('<script>alert');
      expect(page.headers['set-cookie']?.join() ?? '').not.toMatch(/(^|,)a=b/);
      expect(page.text).not.toMatch(/Fatal|Warning|SQL/);
    }
  });

  it('goes on for who is signed in while the bridge is away, and a login shows a page with another try', async () => {
    await wordpress.signIn(browser);
    change('USERREF_BRIDGE', `unix:${join(newFolder(), 'nobody.sock')}`);
    expect(await isSignedIn()).toBe(true);
    const page = await loadPage(url('/userref/login?return_to=/basket'));
    expect(page.status).toBe(503);
    expect(page.text).toContain('Signing in does not work right now');
    expect(page.text).toContain('Whoever is signed in stays signed in');
    expect(page.text).toMatch(/href="\/userref\/login[^"]*">Sign in again/);
    expect((await wordpress.administrator()).cookies.size).toBeGreaterThan(0);
  });

  it.each([
    ['hangs', () => {}],
    ['breaks off', (socket: { destroy(): void }) => socket.destroy()],
  ])('gives up in time when the bridge %s', async (_name, treat) => {
    const server: Server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    server.on('connection', treat);
    undo.push(() => {
      server.closeAllConnections();
      server.close();
    });
    change('USERREF_BRIDGE', `http://127.0.0.1:${(server.address() as { port: number }).port}`);
    await site().sql("delete from wp_options where option_name like '\\_site\\_transient%userref%'");
    const began = Date.now();
    expect((await loadPage(url('/userref/login'))).status).toBe(503);
    expect(Date.now() - began).toBeLessThan(6500);
  });

  it('says nothing of its secret to visitors when it is wrong', async () => {
    change('USERREF_BRIDGE_SECRET', 'x'.repeat(43));
    const page = await loadPage(url('/userref/login'));
    expect(page.text).toContain('Signing in does not work right now');
    expect(page.text).not.toMatch(/secret|x{43}/i);
  });

  it('is off where wp-config.php says so: no button, no login, and passwords go on', async () => {
    await wordpress.signIn(browser);
    set({ USERREF_LOGIN_DISABLE: true });
    expect(await (await new Browser().fetch(url('/wp-login.php'))).text()).not.toContain(
      'userref-login-button',
    );
    const page = await loadPage(url('/userref/login'));
    expect(page.status).toBe(503);
    expect(page.text).toContain('switched off');
    const administrator = await wordpress.administrator();
    expect(await (await administrator.fetch(url('/wp-admin/'))).text()).toContain('wpadminbar');
    expect(await isSignedIn()).toBe(true);
  });

  it('says that it is not set up yet, and breaks nothing', async () => {
    change('USERREF_BRIDGE_SECRET', '');
    expect(await text('/wp-login.php')).not.toContain('userref-login-button');
    const page = await loadPage(url('/userref/login'));
    expect(page.status).toBe(503);
    expect(page.text).toContain('not set up yet');
    expect(page.text).not.toContain('bridge_secret');
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
    const calls = wordpress.core.calls.length;
    expect((await administrator.open(address)).url.pathname).toBe('/wp-login.php');
    expect(wordpress.core.calls.length).toBe(calls);
  });
});
