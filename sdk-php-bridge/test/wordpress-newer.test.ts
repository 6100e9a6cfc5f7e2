import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { versionOf, wordPressSource } from '../../examples/wordpress-site/src/index.ts';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { ensurePhp } from './support/php.ts';
import { useWordPress } from './support/use-wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();
const [major = 0, minor = 0] = (versionOf(wordPressSource) ?? '').split('.').map(Number);
/** Whether the WordPress of this run is as new. */
const isSince = (ofMajor: number, ofMinor: number) =>
  major > ofMajor || (major === ofMajor && minor >= ofMinor);
/** For tests of what a version brought: on an older one there is nothing to test. */
const itSince = (...version: [number, number]) => (isSince(...version) ? it : () => {});

describe.skipIf(problem !== undefined)('what WordPress brought after 6.1', () => {
  const under = useWordPress();
  let local: number;
  beforeAll(async () => {
    local =
      await under.ask(`return wp_insert_user(['user_login' => 'local', 'user_pass' => 'x', 'role' => 'author',
      'user_email' => 'local@sample.example']);`);
  }, 120_000);

  it('tells no visitor, member or author by any route of REST who is a member', async () => {
    await under.signIn(under.browser);
    const told = await under.member(`$user->set_role('author');
      wp_insert_post(['post_title' => 'Harbour', 'post_status' => 'publish', 'post_author' => $user->ID]);
      wp_insert_comment(['comment_post_ID' => 1, 'comment_content' => 'x', 'user_id' => $user->ID,
        'comment_author' => $user->display_name, 'comment_author_email' => $user->user_email]);
      $other = UserrefLogin\\Plugin::services()->users()->findOrCreate('ppid_${'b'.repeat(26)}');
      $server = rest_get_server();
      $plain = array_filter(array_keys($server->get_routes()), fn ($route) => !str_contains($route, '(?P'));
      $requests = array_map(fn ($route) => [$route, []], array_values($plain));
      $requests[] = ['/wp/v2/users', ['search' => 'ppid_', 'search_columns' => ['username']]];
      $requests[] = ['/wp/v2/search', ['search' => 'ppid_']];
      $requests[] = ['/wp-abilities/v1/abilities/core/get-user-info/run', []];
      $told = [];
      foreach ([0, $other->ID, ${local}] as $id) {
        wp_set_current_user($id);
        foreach ($requests as [$route, $values]) {
          $request = new WP_REST_Request('GET', $route);
          $request->set_query_params($values);
          $answer = wp_json_encode(rest_do_request($request)->get_data());
          foreach ([$user->user_login, $user->user_nicename] as $name) {
            if (str_contains($answer, $name)) $told[] = "$id $route";
          }
        }
      }
      return [count($requests), $told];`);
    expect(told[0]).toBeGreaterThan(20);
    expect(told[1]).toEqual([]);
  });

  it('finds who was connected after the same request had looked for them', async () => {
    // Since WordPress 6.3 it remembers what a query for users found.
    const found = await under.ask(`$users = UserrefLogin\\Plugin::services()->users();
      $before = $users->find('${under.userRef()}');
      foreach (['userref_connected', 'userref_user_ref'] as $key) {
        $GLOBALS['wpdb']->insert($GLOBALS['wpdb']->usermeta, ['user_id' => ${local},
          'meta_key' => $key, 'meta_value' => '${under.userRef()}']);
      }
      return [$before, $users->find('${under.userRef()}')->user_login ?? null];`);
    expect(found).toEqual([null, 'local']);
  });

  it('has the button of the block look in the editor’s frame as on a page', async () => {
    expect(await under.ask("return _wp_get_iframed_editor_assets()['styles'];")).toContain(
      'userref-login/assets/login.css',
    );
  });

  itSince(6, 8)('has browsers fetch no login before somebody asks for it', async () => {
    const page = await under.text('/');
    const [, json = ''] = /<script type="speculationrules">([^<]*)/.exec(page) ?? [];
    const { prefetch } = JSON.parse(json) as { prefetch: readonly { where: { and: readonly Rule[] } }[] };
    const isFetched = (path: string) =>
      prefetch.some(({ where }) => where.and.every((rule) => holds(rule, under.url(path))));
    expect(['/sample-page/', '/a/userref/login'].map(isFetched)).toEqual([true, true]);
    const ours = ['/userref/login', '/userref/login/', '/userref/callback', '/index.php/userref/login'];
    expect(ours.map(isFetched)).toEqual(ours.map(() => false));
  });

  itSince(6, 9)('keeps no trace of where somebody writes notes from, and mails no member', async () => {
    await under.signIn(under.browser);
    const [postId, other] = await under.member(`$user->set_role('author');
      $other = UserrefLogin\\Plugin::services()->users()->findOrCreate('ppid_${'c'.repeat(26)}');
      foreach ([$other, get_userdata(${local})] as $one) $one->set_role('editor');
      return [wp_insert_post(['post_title' => 'Island', 'post_author' => $user->ID]), $other->ID];`);
    const nonce = await under.text('/wp-admin/admin-ajax.php?action=rest-nonce');
    const response = await under.browser.fetch(under.url('/wp-json/wp/v2/comments'), {
      method: 'POST',
      headers: { 'x-wp-nonce': nonce, 'content-type': 'application/json', 'user-agent': 'Sample Browser' },
      body: JSON.stringify({
        type: 'note',
        post: postId,
        content: [local, other].map((one) => `<span class="wp-note-mention user-${one}">@one</span>`).join(),
        author_name: 'Sample Person Amber',
        author_email: 'amber@sample.example',
      }),
    });
    expect(response.status).toBe(201);
    const { id } = (await response.json()) as { id: number };
    const kept = await under.ask(`$one = get_comment(${id}); return [$one->comment_type, $one->comment_author,
      $one->comment_author_email, $one->comment_author_IP . $one->comment_agent];`);
    expect(kept).toEqual(['note', 'Member', `${under.userRef()}@users.invalid`, '']);
    const receivers = readFileSync(under.site.logs.mail, 'utf8').match(/^To: .*$/gm) ?? [];
    expect(receivers).toEqual(isSince(7, 1) ? ['To: local@sample.example'] : []);
  });
});

interface Rule {
  readonly href_matches?: string | readonly string[];
  readonly selector_matches?: string;
  readonly not?: Rule;
}

/** As browsers take a rule about addresses; no selector fits a link that somebody wrote into a menu. */
function holds({ href_matches, not }: Rule, url: string): boolean {
  if (not !== undefined) return !holds(not, url);
  return [href_matches ?? []].flat().some((pattern) => new URLPattern(pattern, url).test(url));
}
