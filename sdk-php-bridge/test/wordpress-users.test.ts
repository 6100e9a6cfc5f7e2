import { beforeAll, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { ensurePhp } from './support/php.ts';
import { useWordPress } from './support/use-wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();
const LOCAL_EMAIL = 'amber@sample.example';

describe.skipIf(problem !== undefined)('users of WordPress', () => {
  const under = useWordPress();
  const count = async () => Number(await under.site.sql('select count(*) from wp_users'));
  beforeAll(async () => {
    await under.ask(
      `return wp_insert_user(['user_login' => 'local', 'user_email' => '${LOCAL_EMAIL}', 'user_pass' => 'x']);`,
    );
  }, 120_000);

  it('are known by their user_ref and hold nothing else', async () => {
    await under.signIn(under.browser);
    const user = await under.member('return [$user->to_array(), $user->roles, get_user_meta($user->ID)];');
    const [data, roles, meta] = user;
    expect(data).toMatchObject({
      user_login: under.userRef(),
      user_email: `${under.userRef()}@users.invalid`,
      display_name: 'Member',
      user_url: '',
    });
    expect(data.user_nicename).toMatch(/^m-[0-9a-f]{8}$/);
    expect(roles).toEqual(['subscriber']);
    expect(meta).toMatchObject({
      nickname: ['Member'],
      first_name: [''],
      last_name: [''],
      description: [''],
    });
    expect(meta.userref_user_ref).toEqual([under.userRef()]);
  });

  it('are the same at the next login, and keep what the site gave them', async () => {
    await under.signIn(under.browser);
    const before = await under.member("$user->set_role('editor'); return $user->ID;");
    await under.signIn(new Browser());
    expect(await under.member('return [$user->ID, $user->roles];')).toEqual([before, ['editor']]);
  });

  it('become one when two first logins come at once', async () => {
    const before = await count();
    const browsers = Array.from({ length: 4 }, () => new Browser());
    const starts = await Promise.all(
      browsers.map((one) => one.open(under.url('/userref/login'), { stopAt: `${under.core.issuer}/auth` })),
    );
    // PHP's own server answers one after the other, so the logins race in processes of their own, and slowly.
    await Promise.all(
      browsers.map(() =>
        under.ask(`add_filter('wp_pre_insert_user_data', function ($data) { usleep(400000); return $data; });
          return UserrefLogin\\Plugin::services()->users()->findOrCreate('${under.userRef()}')->ID;`),
      ),
    );
    await Promise.all(browsers.map((one, index) => one.open(starts[index]?.url.href ?? '')));
    expect(await count()).toBe(before + 1);
  });

  it('are told apart by case, where the database does not', async () => {
    const upper = `ppid_${under.userRef().slice(5).toUpperCase()}`;
    await under.ask(`global $wpdb; $wpdb->insert($wpdb->users, ['user_login' => '${upper}', 'user_nicename' => 'birch', 'user_email' => 'birch@sample.example']);
      return update_user_meta($wpdb->insert_id, 'userref_user_ref', '${upper}');`);
    expect(
      await under.ask(`return UserrefLogin\\Plugin::services()->users()->find('${under.userRef()}');`),
    ).toBeNull();
    expect(await under.ask(`return UserrefLogin\\Plugin::services()->users()->find('${upper}');`)).toBeNull();
    const { response } = await under.signIn(under.browser);
    expect(response.status).toBe(503);
    expect(await under.text('/')).not.toMatch(/class="[^"]*logged-in/);
  });

  it('are never found by an e-mail', async () => {
    under.core.person.attributes['contact:email'] = LOCAL_EMAIL;
    under.core.consented = { 'contact:email': LOCAL_EMAIL };
    await under.signIn(under.browser);
    expect(await under.member('return $user->user_email;')).toBe(`${under.userRef()}@users.invalid`);
    expect((await under.site.databaseDump()).toString().split(LOCAL_EMAIL)).toHaveLength(2);
  });

  it.each(['administrator', 'no-such-role', "editor' or 1=1"])(
    'get no more than a subscriber’s role when the setting says %s',
    async (role) => {
      expect(
        await under.ask(`update_site_option('userref_login', ['role' => ${JSON.stringify(role)}]);
      $role = UserrefLogin\\Plugin::services()->settings()->role(); delete_site_option('userref_login'); return $role;`),
      ).toBe('subscriber');
      expect(
        await under.ask(`update_site_option('userref_login', ['role' => 'contributor']);
      $role = UserrefLogin\\Plugin::services()->settings()->role(); delete_site_option('userref_login'); return $role;`),
      ).toBe('contributor');
    },
  );

  it('know no password, get none, and none of any kind counts', async () => {
    await under.signIn(under.browser);
    const facts = await under.member(`
      wp_set_password('known', $user->ID);
      $by = fn ($name) => wp_authenticate($name, 'known');
      [$password] = WP_Application_Passwords::create_new_application_password($user->ID, ['name' => 'app']);
      add_filter('application_password_is_api_request', '__return_true');
      add_filter('wp_is_application_passwords_available', '__return_true');
      return [
        array_map(fn ($name) => is_wp_error($by($name)) ? $by($name)->get_error_code() : 'in', [$user->user_login, $user->user_email]),
        is_wp_error(get_password_reset_key($user)),
        is_wp_error(wp_authenticate_application_password(null, $user->user_login, $password)),
        wp_is_application_passwords_available_for_user($user),
      ];`);
    expect(facts).toEqual([['userref_no_password', 'userref_no_password'], true, true, false]);
    await under.signIn(under.browser);
    const fields = [...(await under.text('/wp-admin/profile.php')).matchAll(/<input[^>]* name="([^"]*)"/g)];
    const names = fields.map(([, name]) => name);
    expect(names).toContain('email');
    expect(names.filter((name) => /pass/.test(name ?? ''))).toEqual([]);
  });

  it('keep their placeholder, whatever a form or a program says', async () => {
    await under.signIn(under.browser);
    const profile = await under.text('/wp-admin/profile.php');
    expect(profile).toMatch(/no mail is ever sent to it/);
    const fields = Object.fromEntries(
      [...profile.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    );
    const body = new URLSearchParams({
      ...fields,
      email: 'another@sample.example',
      action: 'update',
    } as Record<string, string>);
    await under.browser.fetch(under.url('/wp-admin/profile.php'), { method: 'POST', body });
    await under.member(
      "return is_wp_error(wp_update_user(['ID' => $user->ID, 'user_email' => 'another@sample.example']));",
    );
    expect(
      await under.member("return [$user->user_email, get_user_meta($user->ID, '_new_email', true)];"),
    ).toEqual([`${under.userRef()}@users.invalid`, '']);
  });

  it('are tied to their user_ref by what no form and no program from outside may write', async () => {
    const keys = ['userref_user_ref', 'userref_connected', 'userref_removed_from'];
    const may = `wp_set_current_user(1); $id = get_user_by('login', 'local')->ID;
      return array_map(fn ($key) => [current_user_can('edit_user_meta', $id, $key),
        current_user_can('add_user_meta', $id, $key), is_protected_meta($key, 'user')],
        ['${[...keys, 'nickname'].join("', '")}']);`;
    expect(await under.ask(may)).toEqual([...keys.map(() => [false, false, true]), [true, true, false]]);
  });

  it('leave names and addresses of members to members', async () => {
    const other = `ppid_${'b'.repeat(26)}`;
    expect(
      await under.ask(`return [validate_username('${other}'), validate_username('PPID_x'), validate_username('amber'),
      is_wp_error(wp_insert_user(['user_login' => 'squatter', 'user_pass' => 'x', 'user_email' => '${other}@users.invalid'])),
      is_wp_error(register_new_user('${other}', 'amber2@sample.example'))];`),
    ).toEqual([false, false, true, true, true]);
  });

  it('get no mail, and others get theirs', async () => {
    await under.signIn(under.browser);
    const send = (to: string, headers = "''") => `wp_mail(${to}, 'subject', 'body', ${headers})`;
    const placeholder = `${under.userRef()}@users.invalid`;
    const sent = await under.ask(`$seen = [];
      add_action('phpmailer_init', function ($mailer) use (&$seen) {
        $seen[] = array_map(fn ($one) => $one[0], [...$mailer->getToAddresses(), ...$mailer->getCcAddresses(), ...$mailer->getBccAddresses()]);
      });
      ${send(`'${placeholder}'`)}; ${send(`['Member <${placeholder.toUpperCase()}>']`)};
      ${send(`'real@sample.example, ${placeholder}'`)};
      ${send("'real@sample.example'", `['Cc: ${placeholder}, other@sample.example', 'BCC: Member <${placeholder}>']`)};
      add_filter('userref_send_to_placeholder', '__return_true');
      ${send(`'${placeholder}'`)};
      return $seen;`);
    expect(sent).toEqual([
      ['real@sample.example'],
      ['real@sample.example', 'other@sample.example'],
      [placeholder],
    ]);
  });

  it('get no mail either where another plug-in has put a function of its own in place of wp_mail', async () => {
    // Such functions ask the filter wp_mail, and not always pre_wp_mail, which came later.
    const to = (given: string) =>
      under.ask(`return apply_filters('wp_mail', ['to' => '${given}', 'headers' => ''])['to'];`);
    const placeholder = `${under.userRef()}@users.invalid`;
    expect(await to(placeholder)).toEqual([]);
    expect(await to('real@sample.example')).toBe('real@sample.example');
    expect(await under.ask(`return wp_mail('${placeholder}', 'x', 'x');`)).toBe(true);
  });

  it('are in no list, in no sitemap and at no Gravatar', async () => {
    await under.signIn(under.browser);
    const nicename = await under.member(`$user->set_role('author');
      wp_insert_post(['post_title' => 'Harbour', 'post_status' => 'publish', 'post_author' => $user->ID]);
      return $user->user_nicename;`);
    const visitor = new Browser();
    const list = await under.text(`/wp-json/wp/v2/users?per_page=100&search=ppid`, visitor);
    const all = await under.text('/wp-json/wp/v2/users?per_page=100', visitor);
    const sitemap = await under.text('/wp-sitemap-users-1.xml', visitor);
    const archive = await under.text(`/author/${nicename}/`, visitor);
    for (const text of [list, all, sitemap, archive]) expect(text).not.toContain('ppid_');
    expect(all + sitemap).not.toContain(nicename);
    const pictures =
      await under.member(`$comment = get_comment(wp_insert_comment(['comment_post_ID' => 1, 'comment_content' => 'x',
        'user_id' => $user->ID, 'comment_author_email' => $user->user_email]));
      return array_map('get_avatar_url', [$user, $user->ID, $user->user_email, $comment]);`);
    for (const picture of pictures)
      expect(picture).toBe(under.url('/wp-content/plugins/userref-login/assets/member.svg'));
    expect(await under.ask(`return get_avatar_url('${LOCAL_EMAIL}');`)).toContain('gravatar');
    expect(await under.text('/wp-admin/profile.php')).not.toMatch(/gravatar/i);
    const own = await under.text('/wp-admin/profile.php', await under.administrator());
    expect(own).toMatch(/on Gravatar/);
    expect(await under.text(`/author/${under.userRef()}/`, visitor)).not.toMatch(/class="[^"]*author-\d/);
  });

  it('leave no trace of where they write from in their comments', async () => {
    await under.signIn(under.browser);
    const form = await (await under.browser.open(under.url('/?p=1'))).response.text();
    const body = new URLSearchParams({
      comment: `from ${under.userRef().slice(-6)}`,
      comment_post_ID: '1',
      comment_parent: '0',
    });
    expect(form.includes('comment_post_ID')).toBe(true);
    await under.browser.fetch(under.url('/wp-comments-post.php'), {
      method: 'POST',
      body,
      headers: { 'user-agent': 'Sample Browser' },
    });
    const kept =
      await under.ask(`$all = get_comments(['search' => '${under.userRef().slice(-6)}', 'status' => 'all']);
      return [$all[0]->comment_author_IP, $all[0]->comment_agent, $all[0]->comment_author_email];`);
    expect(kept).toEqual(['', '', `${under.userRef()}@users.invalid`]);
  });

  it('find their account again after the plug-in was removed and installed anew, and no password counts', async () => {
    await under.signIn(under.browser);
    const id = await under.member(
      "delete_user_meta($user->ID, 'userref_user_ref'); wp_set_password('squatted', $user->ID); return $user->ID;",
    );
    await under.signIn(under.browser);
    expect(
      await under.member("return [$user->ID, wp_check_password('squatted', $user->user_pass)];"),
    ).toEqual([id, false]);
  });
});
