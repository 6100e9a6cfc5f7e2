import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { ensurePhp } from './support/php.ts';
import { useWordPress } from './support/use-wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();

describe.skipIf(problem !== undefined)('members of WordPress leave', () => {
  const wordpress = useWordPress();
  const { text: page, userRef, member } = wordpress;
  const ask = (php: string) => wordpress.ask(php);
  const post = (path: string, body: URLSearchParams | string, headers: Record<string, string> = {}) =>
    wordpress.browser.fetch(wordpress.url(path), { method: 'POST', body, headers });
  async function postJson(path: string, values: unknown) {
    const nonce = await page('/wp-admin/admin-ajax.php?action=rest-nonce');
    return post(path, JSON.stringify(values), { 'x-wp-nonce': nonce, 'content-type': 'application/json' });
  }

  beforeAll(async () => {
    await ask("return wp_insert_user(['user_login' => 'local', 'user_pass' => 'x', 'role' => 'author']);");
  }, 120_000);
  beforeEach(async () => {
    await wordpress.signIn(wordpress.browser);
  });

  it('no name in their account, by form or REST API, while others keep theirs', async () => {
    const form = await page('/wp-admin/profile.php');
    const value = (name: string) => new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(form)?.[1] ?? '';
    const body = new URLSearchParams({
      _wpnonce: value('_wpnonce'),
      action: 'update',
      user_id: value('user_id'),
      checkuser_id: value('user_id'),
      nickname: 'Sample nickname',
      first_name: 'Amber',
      last_name: 'Sample',
    });
    expect((await post('/wp-admin/profile.php', body)).status).toBe(302);
    expect((await postJson('/wp-json/wp/v2/users/me', { last_name: 'Sample' })).status).toBe(200);
    const names = `return [$user->nickname, $user->first_name, $user->last_name];`;
    expect(await member(names)).toEqual(['Sample nickname', '', '']);
    expect(
      await ask(`$user = get_user_by('login', 'local'); update_user_meta($user->ID, 'first_name', 'Amber');
        return get_user_meta($user->ID, 'first_name', true);`),
    ).toBe('Amber');
  });

  it('no place where the dashboard looks for events near them', async () => {
    // As wp_ajax_get_community_events() does it.
    await member("return update_user_meta($user->ID, 'community-events-location', ['ip' => '203.0.113.0']);");
    expect(await member("return get_user_meta($user->ID, 'community-events-location', true);")).toBe('');
    expect(await page('/wp-admin/index.php')).not.toContain('id="dashboard_primary"');
    expect(await page('/wp-admin/index.php', await wordpress.administrator())).toContain(
      'id="dashboard_primary"',
    );
  });

  it.each(['subscriber', 'editor'])(
    'comments as themselves also by the REST API, whatever a %s tells it',
    async (role) => {
      const local = await member(`$user->set_role('${role}'); return get_user_by('login', 'local')->ID;`);
      const response = await postJson('/wp-json/wp/v2/comments', {
        post: 1,
        content: `by REST ${userRef().slice(-6)}`,
        author_name: 'Sample Person Amber',
        author_email: 'amber@sample.example',
        author_user_agent: 'Sample Browser',
        ...(role === 'editor' && { author: local, author_ip: '203.0.113.9' }),
      });
      expect(response.status).toBe(201);
      const { id } = (await response.json()) as { id: number };
      const kept =
        await member(`$one = get_comment(${id}); return [$one->comment_author, $one->comment_author_email,
      $one->comment_author_IP . $one->comment_agent, (int) $one->user_id === $user->ID];`);
      expect(kept).toEqual(['Member', `${userRef()}@users.invalid`, '', true]);
    },
  );

  it.each(['author', 'editor'])('comments of others as they were when an %s edits them', async (role) => {
    const guest = { comment_author: 'Guest', comment_author_email: 'guest@sample.example' };
    const traces = { comment_author_IP: '203.0.113.7', comment_agent: 'Sample "Browser"' };
    const id = await member(`$user->set_role('${role}');
      $post = wp_insert_post(['post_title' => 'Pier', 'post_status' => 'publish', 'post_author' => $user->ID]);
      return wp_insert_comment(wp_slash(json_decode('${JSON.stringify({ ...guest, ...traces })}', true))
        + ['comment_post_ID' => $post, 'comment_content' => 'As it was']);`);
    const response = await postJson(`/wp-json/wp/v2/comments/${id}`, { content: 'Mended' });
    expect(response.status).toBe(200);
    const kept = await ask(`return get_comment(${id})->to_array();`);
    expect(kept).toMatchObject({ ...guest, ...traces, user_id: '0', comment_content: 'Mended' });
  });

  it('no letter of their user_ref to who searches comments, while moderators search in all of it', async () => {
    const words = `said ${userRef().slice(-6)}`;
    await member(`return wp_insert_comment(['comment_post_ID' => 1, 'comment_content' => '${words}',
      'user_id' => $user->ID, 'comment_author' => 'Member', 'comment_author_email' => $user->user_email]);`);
    const found = async (query: string) =>
      JSON.parse(await page(`/wp-json/wp/v2/comments?_fields=id&search=${query}`, new Browser())).length;
    const part = userRef().slice(8, 18);
    expect([await found(part), await found('users.invalid'), await found(encodeURI(words))]).toEqual([
      0, 0, 1,
    ]);
    // One after the other, since WordPress remembers what it found.
    const byModeratorAndVisitor = `return array_map(function ($id) {
      wp_set_current_user($id); return count(get_comments(['search' => '${part}'])); }, [1, 0, 1]);`;
    expect(await ask(byModeratorAndVisitor)).toEqual([1, 0, 1]);
  });

  it('no name of theirs to who asks by XML-RPC', async () => {
    await member(`return wp_insert_comment(['comment_post_ID' => 1, 'comment_content' => 'x', 'user_id' => $user->ID,
      'comment_author' => 'Member', 'comment_author_email' => $user->user_email]);`);
    const call = async (method: string, login: string, password: string, more = '') => {
      const values = [1, login, password].map((one) => `<param><value>${one}</value></param>`).join('');
      const body = `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${values}${more}</params></methodCall>`;
      return (await post('/xmlrpc.php', body, { 'content-type': 'text/xml' })).text();
    };
    const approved =
      '<param><value><struct><member><name>status</name><value>approve</value></member></struct></value></param>';
    const { login, password } = wordpress.site.admin;
    const toAuthor = [
      await call('wp.getAuthors', 'local', 'x'),
      await call('wp.getComments', 'local', 'x', approved),
    ];
    expect(toAuthor[0]).toContain('<string>local</string>');
    expect(toAuthor[1]).toContain('wapuu@wordpress.example');
    for (const told of toAuthor) expect(told).not.toContain('ppid_');
    expect(await call('wp.getAuthors', login, password)).toContain(userRef());
    expect(await call('wp.getComments', login, password)).toContain(userRef());
  });

  it('no mail behind that is about somebody who was erased', async () => {
    const send = "wp_mail('sealed@users.invalid', 'About nobody', 'x')";
    expect(await ask(`return [${send}, isset($GLOBALS['phpmailer'])];`)).toEqual([true, false]);
  });

  it('the lists to those who have an account of their own, connected or not', async () => {
    await ask(`$id = get_user_by('login', 'local')->ID;
      UserrefLogin\\Plugin::services()->users()->connect(get_userdata($id), 'ppid_${'c'.repeat(26)}');
      return wp_insert_post(['post_title' => 'Island', 'post_status' => 'publish', 'post_author' => $id]);`);
    await member(`$user->set_role('author');
      return wp_insert_post(['post_title' => 'Harbour', 'post_status' => 'publish', 'post_author' => $user->ID]);`);
    const nicename = await member('return $user->user_nicename;');
    for (const path of ['/wp-json/wp/v2/users?per_page=100', '/wp-sitemap-users-1.xml']) {
      const list = (await page(path, new Browser())).replaceAll('\\/', '/');
      expect(list).toContain('/author/local');
      expect(list).not.toContain(nicename);
    }
  });
});
