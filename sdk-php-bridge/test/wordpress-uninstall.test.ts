import { describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { ensurePhp } from './support/php.ts';
import { useWordPress } from './support/use-wordpress.ts';
import { anotherPerson } from './support/wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();
const FILE = 'userref-login/userref-login.php';
const CAPABILITY = 'userref_view_shipping';

describe.skipIf(problem !== undefined)('the plug-in', () => {
  const word = useWordPress();
  const may = (role: string): Promise<boolean> =>
    word.ask(`return get_role('${role}')->has_cap('${CAPABILITY}');`);
  const isSignedIn = (who = word.browser) => word.isSignedIn(who);
  const visit = async () => (await fetch(word.site.url)).text();
  const activate = () => word.ask(`return activate_plugin('${FILE}');`);

  describe('when it is installed', () => {
    it('lets administrators open addresses, and nobody else', async () => {
      await visit();
      expect(await may('administrator')).toBe(true);
      for (const role of ['editor', 'author', 'subscriber']) expect(await may(role)).toBe(false);
    });

    it('lets managers of a shop open addresses as soon as there are any', async () => {
      await word.ask(`add_role('shop_manager', 'Shop manager', ['read' => true]);
        do_action('activated_plugin', 'woocommerce/woocommerce.php', false); return 1;`);
      expect(await may('shop_manager')).toBe(true);
    });

    it('does what an update needs without being activated anew, and leaves permissions as they are', async () => {
      await word.ask(`get_role('administrator')->remove_cap('userref_view_shipping');
        update_option('userref_login_version', '0.0.9'); return 1;`);
      await word.site.sql('drop table wp_userref_revocations');
      await visit();
      expect(await word.ask(`return get_option('userref_login_version');`)).toMatch(/^\d+\.\d+\.\d+$/);
      expect(await word.site.sql('select count(*) from wp_userref_revocations')).toBe('0\n');
      expect(await may('administrator')).toBe(false);
      await word.ask(`get_role('administrator')->add_cap('userref_view_shipping'); return 1;`);
    });

    it('asks the database for nothing more on later pages', async () => {
      const queries = await word.ask(`$before = get_num_queries();
        (new UserrefLogin\\Roles\\Installation(UserrefLogin\\Plugin::services()))->register();
        return get_num_queries() - $before;`);
      expect(queries).toBe(0);
    });
  });

  describe('when it is deactivated', () => {
    it('ends what logins by Userref began, and keeps data, passwords and who does it', async () => {
      await word.signIn(word.browser);
      const administrator = await connectedAdministrator();
      const connected = await word.ask(`$id = wp_insert_user(['user_login' => 'both', 'user_pass' => 'both',
        'role' => 'editor', 'user_email' => 'both@local.example']);
        UserrefLogin\\Plugin::services()->users()->connect(get_userdata($id), 'ppid_${'d'.repeat(26)}');
        $tokens = WP_Session_Tokens::get_instance($id);
        update_user_meta($id, 'session_tokens', ['by-password' => ['expiration' => time() + 600],
          'by-userref' => ['expiration' => time() + 600, 'userref' => ['v' => 1]]]);
        return $id;`);
      const plugins = `${word.site.url}/wp-admin/plugins.php`;
      const list = await (await administrator.fetch(plugins)).text();
      const link = /plugins\.php\?action=deactivate&amp;plugin=userref-login[^"]*/.exec(list)?.[0] ?? '';
      const done = await administrator.fetch(`${word.site.url}/wp-admin/${link.replaceAll('&amp;', '&')}`);
      expect(done.headers.get('location')).toContain('deactivate=true');
      expect(await isSignedIn()).toBe(false);
      expect(await isSignedIn(administrator)).toBe(true);
      expect(
        await word.ask(`return array_keys(get_user_meta(${connected}, 'session_tokens', true));`),
      ).toEqual(['by-password']);
      expect(
        await word.ask(`return [wp_next_scheduled('userref_catch_up'),
        get_option('userref_login_version') !== false];`),
      ).toEqual([false, true]);
      expect(await word.site.sql('select count(*) from wp_userref_revocations')).toMatch(/^\d/);
    });

    it('goes on where it was when it is activated again', async () => {
      await activate();
      await word.signIn(word.browser);
      expect(await isSignedIn()).toBe(true);
      await visit();
      expect(await word.ask(`return wp_next_scheduled('userref_catch_up') !== false;`)).toBe(true);
    });
  });

  describe('when it is deleted', () => {
    let login: string;

    it('takes away all that it made, and keeps accounts and what they wrote', async () => {
      await word.signIn(word.browser);
      login = word.core.person.userRef;
      await word.ask(`update_site_option('userref_login', ['site' => 'shop-a']);
        update_option('userref_woo', ['purpose' => 'order_delivery']);
        // Of an account that was connected once.
        update_user_meta(1, 'session_tokens', ['a' => ['expiration' => time() + 600, 'userref' => ['v' => 1]]]);
        return wp_insert_post(['post_author' => get_user_by('login', '${login}')->ID, 'post_title' => 'Kept',
          'post_status' => 'publish']);`);
      // Silently: nothing has been tidied up before.
      await word.ask(`set_site_transient('userref_cursor', '5', 600);
        set_transient('userref_connect_1', 1, 600);
        // What is in the database for sure is taken from there.
        wp_using_ext_object_cache(true);
        deactivate_plugins('${FILE}', true); uninstall_plugin('${FILE}'); return 1;`);
      const tables = await word.site.sql(`show tables like '%userref%'`);
      expect(tables).toBe('');
      expect(await left()).toEqual([]);
      const author = await word.ask(`$user = get_user_by('login', '${login}');
        return [$user->roles, count_user_posts($user->ID), $user->user_email];`);
      expect(author).toEqual([['subscriber'], '1', `${login}@users.invalid`]);
      expect(await isSignedIn()).toBe(false);
    });

    it('lets nobody in with the account that stays, by whatever password', async () => {
      const found = await word.ask(`return [is_wp_error(wp_authenticate('${login}', '')),
        is_wp_error(wp_authenticate('${login}', '${login}'))];`);
      expect(found).toEqual([true, true]);
    });

    it('gives people their account back when it is installed again', async () => {
      const before = await word.ask(`return get_user_by('login', '${login}')->ID;`);
      word.core.person.userRef = login;
      await activate();
      await visit();
      await word.signIn(word.browser);
      expect(await isSignedIn()).toBe(true);
      expect(await word.ask(`return get_user_by('login', '${login}')->ID;`)).toBe(before);
      expect(await may('administrator')).toBe(true);
    });

    /** Every row of options and meta data, and every permission, that has to do with us. */
    async function left(): Promise<string[]> {
      const names = await word.site.sql(`
        select option_name from wp_options where option_name like '%userref%' union all
        select meta_key from wp_usermeta where meta_key like '%userref%' union all
        select option_name from wp_options where option_name in ('wp_user_roles', 'cron')
          and option_value like '%userref%' union all
        select meta_key from wp_usermeta where meta_key = 'session_tokens' and meta_value like '%userref%'`);
      return names.split('\n').filter((name) => name !== '');
    }
  });

  /** Signed in by Userref, as the site's administrator. */
  async function connectedAdministrator(): Promise<Browser> {
    anotherPerson(word.core);
    await word.ask(`UserrefLogin\\Plugin::services()->users()->connect(get_userdata(1),
      '${word.core.person.userRef}'); return 1;`);
    const administrator = new Browser();
    await word.signIn(administrator);
    return administrator;
  }
});
