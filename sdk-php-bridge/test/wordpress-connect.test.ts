import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { ensurePhp } from './support/php.ts';
import { useWordPress } from './support/use-wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();
const LOCAL = {
  login: 'local',
  password: 'a "password" with \\ and \' of its own',
  email: 'amber@sample.example',
};

describe.skipIf(problem !== undefined)('local accounts of WordPress', () => {
  const under = useWordPress();
  const count = async () => Number(await under.site.sql('select count(*) from wp_users'));
  async function signInLocal(password = LOCAL.password): Promise<Browser> {
    const local = new Browser();
    await (await local.fetch(under.url('/wp-login.php'))).text();
    const body = new URLSearchParams({ log: LOCAL.login, pwd: password, testcookie: '1' });
    await local.fetch(under.url('/wp-login.php'), { method: 'POST', body });
    return local;
  }
  /** Sends a form of the page "Userref" below the profile. */
  async function send(of: Browser, action: string, fields: Record<string, string> = {}) {
    const html = await under.text('/wp-admin/profile.php?page=userref-account', of);
    const nonce = /name="_wpnonce" value="([^"]*)"/.exec(html)?.[1] ?? '';
    const body = new URLSearchParams({ action, _wpnonce: nonce, ...fields });
    const response = await of.fetch(under.url('/wp-admin/admin-post.php'), { method: 'POST', body });
    return { status: response.status, location: response.headers.get('location') ?? '' };
  }
  async function connect(of: Browser): Promise<string> {
    const { location } = await send(of, 'userref_connect', { password: LOCAL.password });
    const { url: end } = await of.open(location);
    return end.searchParams.get('userref_result') ?? '';
  }

  beforeEach(async () => {
    await under.ask(`$old = get_user_by('login', '${LOCAL.login}');
      require_once ABSPATH . 'wp-admin/includes/user.php';
      $old && wp_delete_user($old->ID);
      delete_transient('userref_connect_' . ($old->ID ?? 0));
      return wp_insert_user(['user_login' => '${LOCAL.login}', 'user_email' => '${LOCAL.email}', 'role' => 'author',
        'user_pass' => wp_slash(base64_decode('${Buffer.from(LOCAL.password).toString('base64')}'))]);`);
  });

  it('are connected by their owner with the password, and opened by Userref from then on', async () => {
    const local = await signInLocal();
    expect(await connect(local)).toBe('connected');
    expect(under.core.callsTo('par').at(-1)?.body.get('prompt')).toBe('login');
    const before = await count();
    await under.signIn(under.browser);
    expect(await under.text('/wp-admin/profile.php')).toContain(LOCAL.email);
    expect(await count()).toBe(before);
    expect((await signInLocal()).cookies.size).toBeGreaterThan(3);
    await under.sendEvent('access.revoked', { user_ref: under.userRef(), reason: 'revoked_by_operator' });
    expect(await under.text('/')).not.toMatch(/class="[^"]*logged-in/);
    expect(await under.text('/', local)).toMatch(/class="[^"]*logged-in/);
  });

  it('are not connected without a mail to their owner, which says nothing of who connected them', async () => {
    expect(await connect(await signInLocal())).toBe('connected');
    const mails = readFileSync(under.site.logs.mail, 'utf8').split(/^To: /m);
    expect(mails.at(-1)).toMatch(/^amber@sample\.example\r?\nSubject: .*connected/);
    expect(mails.at(-1)).toContain(`${under.site.url}/wp-admin/profile.php?page=userref-account`);
    expect(mails.at(-1)).not.toContain(under.userRef());
  });

  it('are not connected without the password, without the form’s nonce, or after too many tries', async () => {
    const local = await signInLocal();
    const wrong = () => send(local, 'userref_connect', { password: 'wrong' });
    expect((await wrong()).location).toContain('userref_result=password');
    expect((await send(local, 'userref_connect', { password: LOCAL.password, _wpnonce: 'x' })).status).toBe(
      403,
    );
    for (let attempt = 0; attempt < 4; attempt += 1) await wrong();
    const late = await send(local, 'userref_connect', { password: LOCAL.password });
    expect(late.location).toContain('userref_result=password');
  });

  it('have five tries for their password, also when many come at once', async () => {
    const local = await signInLocal();
    await under.ask(`wp_mkdir_p(WPMU_PLUGIN_DIR);
      return file_put_contents(WPMU_PLUGIN_DIR . '/slow.php', '<?php add_filter("check_password", function ($fits) {
        usleep(100000); file_put_contents(WP_CONTENT_DIR . "/tries", "x", FILE_APPEND); return $fits; });');`);
    const html = await under.text('/wp-admin/profile.php?page=userref-account', local);
    const nonce = /name="_wpnonce" value="([^"]*)"/.exec(html)?.[1] ?? '';
    const body = new URLSearchParams({ action: 'userref_connect', _wpnonce: nonce, password: 'wrong' });
    const tries = Array.from({ length: 12 }, () =>
      local.fetch(under.url('/wp-admin/admin-post.php'), { method: 'POST', body }),
    );
    for (const { status } of await Promise.all(tries)) expect(status).toBe(302);
    const count = "return strlen(file_get_contents(WP_CONTENT_DIR . '/tries'));";
    expect(await under.ask(count)).toBe(5);
    await under.ask("return unlink(WPMU_PLUGIN_DIR . '/slow.php');");
  });

  it('are not connected by a login that was begun for something else, or elsewhere', async () => {
    const local = await signInLocal();
    const { location } = await send(local, 'userref_connect', { password: LOCAL.password });
    expect(location).toContain(under.core.issuer);
    const forged = `/wp-admin/profile.php?page=userref-account&userref_connect=${'0'.repeat(32)}`;
    const { url: end } = await under.signIn(local, forged);
    expect(end.searchParams.get('userref_result')).toBe('late');
    expect(
      await under.ask(
        `return get_user_meta(get_user_by('login', '${LOCAL.login}')->ID, 'userref_user_ref', true);`,
      ),
    ).toBe('');
    expect(await under.member('return $user;')).toBe(false);
    const stranger = new Browser();
    expect((await under.signIn(stranger, forged)).url.pathname).toBe('/wp-login.php');
    expect(await under.text('/', stranger)).not.toMatch(/class="[^"]*logged-in/);
  });

  it('are never given to who has an account here already, also not by connecting', async () => {
    await under.signIn(under.browser);
    expect(await connect(await signInLocal())).toBe('taken');
    await under.signIn(under.browser);
    expect(await under.text('/wp-admin/profile.php')).toContain(`${under.userRef()}@users.invalid`);
  });

  it('are disconnected by their owner, and opened with the password', async () => {
    const local = await signInLocal();
    await connect(local);
    await under.signIn(under.browser);
    expect((await send(under.browser, 'userref_disconnect')).location).toContain(
      'userref_result=disconnected',
    );
    expect(await under.text('/')).not.toMatch(/class="[^"]*logged-in/);
    expect(await under.text('/', await signInLocal())).toMatch(/class="[^"]*logged-in/);
    await under.signIn(under.browser);
    expect(await under.member('return $user->user_login;')).toBe(under.userRef());
  });
});
