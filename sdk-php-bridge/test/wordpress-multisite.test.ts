import { beforeAll, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { DomainBrowser } from './support/domain-browser.ts';
import { ensurePhp } from './support/php.ts';
import { useWordPress } from './support/use-wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();
const FILE = 'userref-login/userref-login.php';

/** One network for all tests: in folders first, and with subdomains of its own in between. */
describe.skipIf(problem !== undefined)('a network of sites', () => {
  const word = useWordPress({ isMultisite: true });
  const ids: Record<string, number> = {};
  const url = () => word.site.url;
  const { userRef } = word;
  /** Ids of the sites that somebody is a member of. */
  const sitesOf = (login: string): Promise<number[]> =>
    word.ask(`return array_keys(get_blogs_of_user(get_user_by('login', '${login}')->ID));`);
  const newSite = async (name: string, given: { domain: string; path: string }) => {
    ids[name] =
      await word.ask(`$id = wp_insert_site(['domain' => '${given.domain}', 'path' => '${given.path}',
      'network_id' => 1, 'title' => '${name}', 'user_id' => 1]);
      switch_to_blog($id);
      wp_insert_post(['post_title' => 'Members', 'post_name' => 'members', 'post_type' => 'page',
        'post_status' => 'publish', 'post_content' => '[userref_login]']);
      return $id;`);
  };
  const linkOn = (page: string) =>
    (/class="userref-login-button[^>]*href="([^"]+)"/.exec(page)?.[1] ?? '').replaceAll('&#038;', '&');

  beforeAll(async () => {
    const { host } = new URL(url());
    await newSite('second', { domain: host, path: '/second/' });
    await newSite('third', { domain: host, path: '/third/' });
    await newSite('fourth', { domain: `fourth.${host}`, path: '/' });
    // WordPress makes new sites without a port.
    await word.site.sql(`update wp_blogs set domain = 'fourth.${host}' where blog_id = ${ids['fourth']};
      update wp_${ids['fourth']}_options set option_value = 'http://fourth.${host}'
      where option_name in ('home', 'siteurl')`);
  });

  it('has one redirect address, on its main site', async () => {
    const address = `return UserrefLogin\\Plugin::services()->settings()->address('callback');`;
    expect(await word.ask(address, { url: `${url()}/second/` })).toBe(`${url()}/userref/callback`);
    expect(await word.ask(address)).toBe(`${url()}/userref/callback`);
  });

  it('makes who signs in on a site a member of it, and of no other', async () => {
    const page = await (await fetch(`${url()}/second/members/`)).text();
    const { url: end } = await word.browser.open(new URL(linkOn(page), url()).href);
    expect(end.href).toBe(`${url()}/second/members/`);
    expect(await sitesOf(userRef())).toEqual([1, ids['second']]);
    expect(await word.statusOf('/second/wp-admin/profile.php', word.browser)).toBe(200);
    const role = `return get_user_by('login', '${userRef()}')->roles;`;
    expect(await word.ask(role, { url: `${url()}/second/` })).toEqual(['subscriber']);
  });

  describe('makes nobody a member by a link', () => {
    const back = () => `/userref/visit/${ids['third']}?to=/third/`;
    const setPublic = (value: 0 | 1) =>
      word.ask(`return update_blog_option(${ids['third']}, 'blog_public', ${value});`);

    it.each([
      ['to the site', () => '/third/'],
      ['that names its number', back],
    ])('%s of a site that is not public, unless the network allows it', async (_which, returnTo) => {
      await setPublic(0);
      await word.signIn(word.browser, returnTo());
      expect(await sitesOf(userRef())).toEqual([1]);
      await word.ask(`wp_mkdir_p(WPMU_PLUGIN_DIR);
        return file_put_contents(WPMU_PLUGIN_DIR . '/open.php', '<?php add_filter("userref_may_join_site",
          fn ($may, $site, $user) => $site === ${ids['third']} && $user->exists(), 10, 3);');`);
      await word.signIn(new Browser(), returnTo());
      expect(await sitesOf(userRef())).toEqual([1, ids['third']]);
      await word.ask(`return unlink(WPMU_PLUGIN_DIR . '/open.php');`);
      await setPublic(1);
    });

    it('of a site that has removed them, until somebody adds them again', async () => {
      await word.signIn(word.browser, back());
      const id = await word.ask(`return get_user_by('login', '${userRef()}')->ID;`);
      await word.ask(`return remove_user_from_blog(${id}, ${ids['third']});`);
      await word.signIn(new Browser(), back());
      await word.signIn(new Browser(), '/second/');
      expect(await sitesOf(userRef())).toEqual([1, ids['second']]);
      await word.ask(`add_user_to_blog(${ids['third']}, ${id}, 'author');
        return get_user_meta(${id}, 'userref_removed_from');`);
      await word.signIn(new Browser(), back());
      expect(await sitesOf(userRef())).toEqual([1, ids['second'], ids['third']]);
      const kept = `return get_user_meta(${id}, 'userref_removed_from');`;
      expect(await word.ask(kept)).toEqual([]);
    });
  });

  it('makes nobody a member of the main site again that has removed them', async () => {
    await word.signIn(word.browser, '/second/');
    await word.ask(`return remove_user_from_blog(get_user_by('login', '${userRef()}')->ID, 1);`);
    for (const place of ['/', '/second/']) await word.signIn(new Browser(), place);
    expect(await sitesOf(userRef())).toEqual([ids['second']]);
  });

  it('knows a person on all its sites by one account', async () => {
    await word.signIn(word.browser, '/second/');
    const id = await word.ask(`return get_user_by('login', '${userRef()}')->ID;`);
    await word.signIn(new Browser(), '/third/');
    expect(await word.site.sql(`select ID from wp_users where user_login = '${userRef()}'`)).toBe(`${id}\n`);
    expect(await sitesOf(userRef())).toEqual([1, ids['second'], ids['third']]);
  });

  it('ends sessions on all its sites by one webhook', async () => {
    await word.signIn(word.browser, '/second/');
    const status = () => word.statusOf('/second/wp-admin/profile.php', word.browser);
    expect(await status()).toBe(200);
    await word.sendEvent('access.revoked', { user_ref: userRef(), reason: 'by_operator' });
    expect(await status()).not.toBe(200);
  });

  it('keeps its settings in one place, for who manages the network', async () => {
    await word.ask(`$id = wp_insert_user(['user_login' => 'local', 'user_pass' => 'local',
      'user_email' => 'local@site.example']); add_user_to_blog(${ids['second']}, $id, 'administrator'); return 1;`);
    const local = new Browser();
    const body = new URLSearchParams({ log: 'local', pwd: 'local', testcookie: '1' });
    await (await local.fetch(`${url()}/second/wp-login.php`)).text();
    await (await local.fetch(`${url()}/second/wp-login.php`, { method: 'POST', body })).text();
    const status = (at: string) => word.statusOf(at, local);
    const page = '?page=userref-login';
    expect(await status('/second/wp-admin/index.php')).toBe(200);
    expect(await status(`/second/wp-admin/options-general.php${page}`)).toBe(403);
    expect(await status(`/wp-admin/network/settings.php${page}`)).toBe(403);
    const administrator = await word.administrator();
    const settings = await administrator.fetch(`${url()}/wp-admin/network/settings.php${page}`);
    expect(await settings.text()).toContain(`${url()}/userref/callback`);
  });

  it('runs on every site or on none, gives permissions on each, and asks for missed revocations on one', async () => {
    for (const at of ['/', '/second/']) await (await fetch(`${url()}${at}`)).text();
    const found = `return [get_role('administrator')->has_cap('userref_view_shipping'),
      is_network_only_plugin('${FILE}'), wp_next_scheduled('userref_catch_up') !== false];`;
    expect(await word.ask(found)).toEqual([true, true, true]);
    expect(await word.ask(found, { url: `${url()}/second/` })).toEqual([true, true, false]);
    const onSecond = `return (new UserrefLogin\\Health\\CatchUpCheck())->run()->status;`;
    expect(await word.ask(onSecond, { url: `${url()}/second/` })).toBe('good');
  });

  it('erases a person on all its sites', async () => {
    await word.signIn(word.browser, '/second/');
    const comment = `return wp_insert_comment(['comment_post_ID' => 1, 'comment_author' => 'Member',
      'comment_author_email' => '${userRef()}@users.invalid', 'comment_author_IP' => '203.0.113.5',
      'comment_content' => 'Said', 'user_id' => get_user_by('login', '${userRef()}')->ID]);`;
    // Of the third they are no member.
    for (const site of ['second', 'third']) await word.ask(comment, { url: `${url()}/${site}/` });
    await word.sendEvent('subject.erased', { user_ref: userRef(), request_id: 'dsr_1' });
    for (const site of ['second', 'third']) {
      const row = `select comment_author_IP, user_id from wp_${ids[site]}_comments where comment_content = 'Said'`;
      expect(await word.site.sql(row)).toBe('203.0.113.0\t0\n');
    }
    expect(
      await word.site.sql(`select count(*) from wp_usermeta join wp_users on ID = user_id
      where user_login like 'erased-%'`),
    ).toBe('0\n');
  });

  it('has nobody manage it by a name that was erased', async () => {
    await word.signIn(word.browser);
    await word.ask(`grant_super_admin(get_user_by('login', '${userRef()}')->ID); return 1;`);
    await word.ask(`return (new UserrefLogin\\Privacy\\Eraser(UserrefLogin\\Plugin::services()))
      ->eraseByAddress('${userRef()}@users.invalid');`);
    await word.signIn(new Browser());
    expect(await word.ask(`return is_super_admin(get_user_by('login', '${userRef()}')->ID);`)).toBe(false);
    expect(await word.ask('return get_super_admins();')).toEqual(['admin']);
  });

  describe('with subdomains', () => {
    const fourth = (path = '/') => `http://fourth.${new URL(url()).host}${path}`;

    beforeAll(() => {
      // As WordPress derives it from the domain, which has no port elsewhere.
      word.site.setConstants({ SUBDOMAIN_INSTALL: true, COOKIE_DOMAIN: '.localhost' });
    });

    it('leads from a subdomain over the main site and back, as a member of both', async () => {
      const visitor = new DomainBrowser();
      const page = await visitor.get(fourth('/members/'));
      const pages = await visitor.open(new URL(linkOn(page.body), page.url).href);
      expect(pages[0]?.url.origin).toBe(url());
      expect(pages.at(-1)).toMatchObject({ status: 200, url: new URL(fourth('/members/')) });
      expect((await visitor.get(fourth('/wp-admin/profile.php'))).status).toBe(200);
      expect(await sitesOf(userRef())).toEqual([1, ids['fourth']]);
    });

    it('begins at the main site also when somebody wrote the link by hand', async () => {
      const visitor = new DomainBrowser();
      const pages = await visitor.open(
        fourth(
          '/userref/login?return_to=%2Fmembers%2F%3Fa%3D1&attributes=profile%3Aname&purpose=order_delivery',
        ),
      );
      expect(pages[0]?.headers['cache-control']).toBe('no-store');
      expect(pages[1]?.url.href).toContain(`${url()}/userref/login?`);
      expect(pages[1]?.url.searchParams.get('attributes')).toBe('profile:name');
      expect(pages.at(-1)?.url.href).toBe(fourth('/members/?a=1'));
    });

    it('connects local accounts where the main site’s cookies are, and offers it nowhere else', async () => {
      const isOffered = `wp_set_current_user(1); do_action('admin_menu');
        return in_array('userref-account', array_merge(...array_values($GLOBALS['submenu']['users.php'] ?? [])), true);`;
      expect(await word.ask(isOffered)).toBe(true);
      expect(await word.ask(isOffered, { url: fourth() })).toBe(false);
    });

    it.each([
      ['/userref/visit/99?to=/a', '/a', 'main'],
      ['/userref/visit/FOURTH?to=//evil.example/', '/', 'fourth'],
      ['/userref/visit/FOURTH?to=https://evil.example/', '/', 'fourth'],
      ['/userref/visit/FOURTH?to=/%5Cevil.example', '/', 'fourth'],
      ['/userref/visit/FOURTH?to=/a%0d%0aX-Evil:1', '/', 'fourth'],
      ['/userref/visit/FOURTH', '/', 'fourth'],
      ['/userref/visit/FOURTH?to=/ok/%3Fb=1', '/ok/?b=1', 'fourth'],
    ])('goes from %s to %s of %s', async (path, to, where) => {
      const answer = await new DomainBrowser().get(`${url()}${path.replace('FOURTH', `${ids['fourth']}`)}`);
      expect(answer.status).toBe(302);
      expect(answer.location).toBe(where === 'main' ? `${url()}${to}` : fourth(to));
    });

    it('goes to no site that was closed', async () => {
      await word.ask(`return update_blog_status(${ids['fourth']}, 'archived', 1);`);
      const { location } = await new DomainBrowser().get(`${url()}/userref/visit/${ids['fourth']}?to=/a`);
      expect(location).toBe(`${url()}/a`);
      await word.ask(`return update_blog_status(${ids['fourth']}, 'archived', 0);`);
    });
  });

  it('is left without a trace when the plug-in is deleted', async () => {
    word.site.setConstants({ SUBDOMAIN_INSTALL: false, COOKIE_DOMAIN: null });
    await word.ask(`update_site_option('userref_login', ['site' => 'a']);
      set_site_transient('userref_cursor', '5', 600);
        set_transient('userref_connect_1', 1, 600);
      deactivate_plugins('${FILE}', true, true); uninstall_plugin('${FILE}'); return 1;`);
    const tables = ['wp_options', ...Object.values(ids).map((id) => `wp_${id}_options`)];
    const left = tables.map(
      (table) => `select option_name from ${table} where option_name like '%userref%'
      or (option_name like '%user_roles' or option_name = 'cron') and option_value like '%userref%'`,
    );
    left.push(`select meta_key from wp_sitemeta where meta_key like '%userref%'`);
    left.push(`select meta_key from wp_usermeta where meta_key like '%userref%'`);
    expect(await word.site.sql(left.join(' union all '))).toBe('');
    expect(await word.site.sql(`show tables like '%userref%'`)).toBe('');
  });
});
