import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { ensurePhp } from './support/php.ts';
import { startTestWordPress, type TestWordPress, testPlugin } from './support/wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();
const PAGE = '/wp-admin/options-general.php?page=userref-login';
const SECRET = `secret-with-%41-<b>-'"-\\-${randomBytes(16).toString('hex')}`;

describe.skipIf(problem !== undefined)('the settings page in WordPress', () => {
  let wordpress: TestWordPress;
  let administrator: Browser;
  let constants: Record<string, string>;
  const url = (path: string) => `${wordpress.site.url}${path}`;
  const page = async (path = PAGE, of = administrator) => (await of.fetch(url(path))).text();
  const stored = () => wordpress.ask("return get_site_option('userref_login');");
  async function save(values: Record<string, string>, more: Record<string, string> = {}, of = administrator) {
    const nonce = /name="_wpnonce" value="([^"]*)"/.exec(await page())?.[1] ?? '';
    const fields = Object.entries(values).map(([name, value]) => [`userref[${name}]`, value]);
    const body = new URLSearchParams({
      action: 'userref_settings',
      _wpnonce: nonce,
      ...Object.fromEntries(fields),
      ...more,
    });
    return of.fetch(url('/wp-admin/admin-post.php'), { method: 'POST', body });
  }
  const without = (...names: string[]) =>
    wordpress.site.setConstants(Object.fromEntries(names.map((name) => [name, null])));

  beforeAll(async () => {
    wordpress = await startTestWordPress({ mustUsePlugins: [testPlugin('faults')] });
    administrator = await wordpress.administrator();
    constants =
      await wordpress.ask(`return array_combine($names = ['USERREF_BRIDGE', 'USERREF_BRIDGE_SECRET', 'USERREF_ISSUER',
      'USERREF_SITE', 'USERREF_WEBHOOK_SECRET'], array_map('constant', $names));`);
  }, 120_000);
  afterAll(() => wordpress?.stop());
  afterEach(async () => {
    wordpress.site.setConstants(constants);
    await wordpress.ask("return delete_site_option('userref_login');");
  });

  it('shows what comes from wp-config.php, without its secrets, and keeps it out of the database', async () => {
    const html = await page();
    expect(html).toContain('<code>USERREF_BRIDGE_SECRET</code> in wp-config.php');
    expect(html).toContain(`value="${constants['USERREF_ISSUER']}" disabled`);
    expect(html).not.toContain(constants['USERREF_BRIDGE_SECRET']);
    expect(html).not.toContain(constants['USERREF_WEBHOOK_SECRET']);
    await save({ issuer: 'https://evil.example', bridge_secret: SECRET, role: 'contributor' });
    expect(await stored()).toEqual({ role: 'contributor' });
  });

  it('shows what to register at the core and to tell the bridge, to copy', async () => {
    const html = await page();
    for (const text of ['/userref/callback', '/wp-json/userref/v1/webhook', '/userref/webhook']) {
      expect(html).toContain(`>${wordpress.site.url}${text}</textarea>`);
    }
    expect(html).toContain(`USERREF_BASE_URL=${wordpress.site.url}\nUSERREF_LOGIN_PATH=/userref/login`);
  });

  it('makes sign-in work by itself, and never shows a secret again', async () => {
    without(...Object.keys(constants));
    expect(await page()).toContain('Nobody can sign in with Userref yet');
    await save({
      issuer: constants['USERREF_ISSUER'] ?? '',
      site: constants['USERREF_SITE'] ?? '',
      bridge: constants['USERREF_BRIDGE'] ?? '',
      bridge_secret: constants['USERREF_BRIDGE_SECRET'] ?? '',
      webhook_secret: constants['USERREF_WEBHOOK_SECRET'] ?? '',
    });
    const html = await page();
    expect(html).not.toContain('Nobody can sign in with Userref yet');
    expect(html).not.toContain(constants['USERREF_BRIDGE_SECRET']);
    expect(html).toContain('One is stored');
    await save({ bridge_secret: '', webhook_secret: '', role: 'subscriber' });
    const visitor = new Browser();
    await wordpress.signIn(visitor);
    expect(await page('/', visitor)).toMatch(/class="[^"]*logged-in/);
    await save({ bridge_secret: '' }, { 'userref_forget[bridge_secret]': '1' });
    expect(await page()).toContain('bridge_secret must be');
  });

  it('keeps secrets as they were typed', async () => {
    without('USERREF_BRIDGE_SECRET');
    await save({ bridge_secret: `  ${SECRET}\n` });
    expect(await stored()).toMatchObject({ bridge_secret: SECRET });
  });

  it.each([
    ['HTML', '"><script>alert(1)</script>'],
    ['SQL', "' or 1=1 -- "],
    ['a control character', 'a\u0000\r\nb'],
    ['too much', 'x'.repeat(100_000)],
  ])('takes %s in every field for text', async (_name, evil) => {
    without(...Object.keys(constants));
    const names = [
      'issuer',
      'site',
      'webhook_secret',
      'webhook_public_key',
      'bridge',
      'bridge_secret',
      'role',
      'base_url',
    ];
    const response = await save(Object.fromEntries(names.map((name) => [name, evil])));
    expect(response.status).toBe(302);
    const html = await page();
    expect(html).not.toContain('<script>alert(1)');
    expect(html).not.toMatch(/Fatal error|Warning:/);
    expect(html).toContain('Nobody can sign in with Userref yet');
    for (const value of Object.values((await stored()) as Record<string, string>)) {
      expect(value.length).toBeLessThanOrEqual(2000);
    }
    expect(await page('/', new Browser())).toContain('<html');
  });

  it('takes nothing that is no setting, and no list for a text', async () => {
    await save(
      { option: 'x', 'role][': 'y' },
      { 'userref[site][]': 'z', 'userref[default_role]': 'administrator' },
    );
    expect(Object.keys((await stored()) || {})).not.toContain('default_role');
    expect(await wordpress.ask("return get_option('default_role');")).toBe('subscriber');
  });

  it('offers members no role that may manage the site or take it over, and gives none', async () => {
    await wordpress.ask(
      "return add_role('helper', 'Helper', ['read' => true, 'install_plugins' => true])->name;",
    );
    const [select = ''] = /<select name="userref\[role\][\s\S]*?<\/select>/.exec(await page()) ?? [];
    expect([...select.matchAll(/value="([^"]*)"/g)].map(([, role]) => role)).toEqual([
      'author',
      'contributor',
      'subscriber',
    ]);
    for (const role of ['administrator', 'editor', 'helper']) {
      await save({ role });
      expect(await wordpress.ask('return UserrefLogin\\Plugin::services()->settings()->role();')).toBe(
        'subscriber',
      );
    }
    await save({ role: 'author' });
    expect(await wordpress.ask('return UserrefLogin\\Plugin::services()->settings()->role();')).toBe(
      'author',
    );
    await wordpress.ask("remove_role('helper'); return delete_site_option('userref_login');");
  });

  it('takes a preview’s address from wp-config.php, and from nowhere else', async () => {
    const preview = 'https://pr-1--shop.preview.example';
    await wordpress.ask(`return update_site_option('userref_login', ['preview_origin' => '${preview}']);`);
    const login = () => new Browser().fetch(url('/userref/login'), { headers: { accept: 'text/html' } });
    expect((await login()).status).toBe(303);
    wordpress.site.setConstants({ USERREF_PREVIEW_ORIGIN: preview });
    const refused = await login();
    wordpress.site.setConstants({ USERREF_PREVIEW_ORIGIN: null });
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('preview_refused');
  });

  it('is for administrators, and its form for their own page', async () => {
    const response = await save({ role: 'editor' }, { _wpnonce: 'forged' });
    expect(response.status).toBe(403);
    const member = new Browser();
    await wordpress.signIn(member);
    expect((await member.fetch(url(PAGE))).status).toBe(403);
    const asking = { headers: { 'x-want-nonce': 'userref_settings' } };
    const nonce = (await member.fetch(url('/'), asking)).headers.get('x-nonce') ?? '';
    expect((await save({ role: 'editor' }, { _wpnonce: nonce }, member)).status).toBe(403);
    expect(await stored()).toBe(false);
  });

  it('is for nobody who may do all that the plug-in adds, but not manage the site', async () => {
    const member = new Browser();
    await wordpress.signIn(member);
    await wordpress.ask(`$user = get_user_by('login', '${wordpress.core.person.userRef}');
      $user->add_cap('userref_view_shipping'); return 1;`);
    expect((await member.fetch(url(PAGE))).status).toBe(403);
    const asking = { headers: { 'x-want-nonce': 'userref_settings' } };
    const nonce = (await member.fetch(url('/'), asking)).headers.get('x-nonce') ?? '';
    expect((await save({ issuer: 'https://evil.example' }, { _wpnonce: nonce }, member)).status).toBe(403);
    expect(await stored()).toBe(false);
  });

  it('checks the connection, and says what is wrong', async () => {
    const check = async () => {
      const [, href = ''] = /class="button" href="([^"]*userref_check[^"]*)"/.exec(await page()) ?? [];
      return (await administrator.fetch(href.replaceAll('&#038;', '&'))).text();
    };
    expect(await check()).toMatch(/notice-(success|warning)" role="status"><p>The bridge of Userref/);
    wordpress.site.setConstants({ USERREF_BRIDGE_SECRET: 'x'.repeat(43) });
    expect(await check()).toContain('does not know this site');
    wordpress.site.setConstants({ ...constants, USERREF_SITE: 'another-site' });
    expect(await check()).toContain('belongs to another site');
    wordpress.site.setConstants({ ...constants, USERREF_BRIDGE: 'unix:/nowhere.sock' });
    expect(await check()).toContain('does not answer');
  });
});
