import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nextSecond } from '../../examples/demo/test/support/next-second.ts';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import type { Browser } from '../../hosted-core/test/support/browser.ts';
import { ensurePhp } from './support/php.ts';
import { usePrivacyTool } from './support/privacy-tool.ts';
import { useWordPress } from './support/use-wordpress.ts';
import { testPlugin } from './support/wordpress.ts';

const problem = ensurePhp('php-zip') ?? ensureWordPress();

describe.skipIf(problem !== undefined)('WordPress’s privacy tools and the plug-in', () => {
  const word = useWordPress({ mustUsePlugins: [testPlugin('erasure')] });
  let administrator: Browser;
  let userRef: string;
  const url = () => word.site.url;
  const address = () => `${userRef}@users.invalid`;
  const use = (tool: 'export' | 'erase', of = address()) =>
    usePrivacyTool(administrator, { site: url(), tool, address: of });
  const exported = async (of?: string) =>
    (await use('export', of))
      .flatMap(({ data = [] }) => data)
      .filter((item) => /^userref-/.test(item.group_id));
  const values = (items: readonly { data: readonly { value: string }[] }[]) =>
    items.flatMap(({ data }) => data.map(({ value }) => value));
  const tellErased = (path?: string) =>
    word.sendEvent('subject.erased', { user_ref: userRef, request_id: 'dsr_1' }, path);
  const idOf = (login: string): Promise<number> =>
    word.ask(`return get_user_by('login', '${login}')->ID ?? 0;`);
  const isSignedIn = () => word.isSignedIn(word.browser);
  /** Tables that hold the text, each named once. */
  async function tablesWith(text: string): Promise<string[]> {
    const dump = (await word.site.databaseDump()).toString('utf8');
    const lines = dump.split('\n').filter((line) => line.startsWith('INSERT') && line.includes(text));
    return [...new Set(lines.map((line) => /`(\w+)`/.exec(line)?.[1] ?? line))];
  }

  beforeAll(async () => {
    administrator = await word.administrator();
  });
  beforeEach(async () => {
    userRef = word.userRef();
    await word.signIn(word.browser);
  });

  describe('exporting', () => {
    it('gives the name, the session and what was agreed to', async () => {
      const items = await exported();
      expect(items.map(({ group_id }) => group_id)).toEqual(['userref-account', 'userref-sessions']);
      expect(values(items)).toEqual(expect.arrayContaining([userRef, 'subscriber', 'profile:name']));
    });

    it('gives what other parts hold', async () => {
      await word.ask(`return update_option('test_export', 'order-17');`);
      expect(values(await exported())).toContain('order-17');
      await word.ask(`return delete_option('test_export');`);
    });

    it('leaves out a session that was revoked', async () => {
      await word.ask(`UserrefLogin\\Plugin::services()->revocations()
        ->revokeSession('${word.core.person.sid}', time() + 60); return true;`);
      expect((await exported()).map(({ group_id }) => group_id)).toEqual(['userref-account']);
    });

    it('finds who typed the address in capitals, and nobody by an address that is not theirs', async () => {
      expect(values(await exported(address().toUpperCase()))).toContain(userRef);
      expect(await exported('amber@sample.example')).toEqual([]);
      expect(await exported(`ppid_${'b'.repeat(26)}@users.invalid`)).toEqual([]);
    });

    it('finds a connected account by its own address', async () => {
      const own = await connectedAccount('exported');
      expect(values(await exported(own.address))).toContain(own.userRef);
    });
  });

  describe('erasing', () => {
    it('leaves nothing that leads from what was written to the person, and nobody who could sign in', async () => {
      const id = await idOf(userRef);
      const post = await word.ask(`return wp_insert_post(['post_author' => ${id}, 'post_title' => 'Kept',
        'post_status' => 'publish']);`);
      await word.ask(`update_user_meta(${id}, 'billing_city', 'Canary City'); return wp_insert_comment([
        'comment_post_ID' => ${post}, 'user_id' => ${id}, 'comment_author' => 'Member',
        'comment_author_email' => '${address()}', 'comment_content' => 'Said', 'comment_author_IP' => '203.0.113.77']);`);
      const answers = await use('erase');
      expect(answers.at(-1)).toMatchObject({ items_removed: true, items_retained: false, messages: [] });
      expect(await isSignedIn()).toBe(false);
      // Revocations are forgotten after a week; the request is WordPress's own record of what was asked.
      expect(await tablesWith(userRef)).toEqual(['wp_posts', 'wp_userref_revocations']);
      for (const canary of ['Canary City', '203.0.113.77']) expect(await tablesWith(canary)).toEqual([]);
      const row = await word.ask(`$user = get_userdata(${id}); return [$user->user_login, $user->user_email,
        $user->roles, array_keys(get_user_meta(${id})), get_post(${post})->post_author];`);
      expect(row).toEqual([expect.stringMatching(/^erased-[0-9a-f]{16}$/), '', [], [], `${id}`]);
    });

    it('gives somebody who comes back another account', async () => {
      const id = await idOf(userRef);
      await use('erase');
      await nextSecond();
      await word.signIn(word.browser);
      expect(await isSignedIn()).toBe(true);
      expect([0, id]).not.toContain(await idOf(userRef));
    });

    it('anonymises all comments, however many there are', async () => {
      const id = await idOf(userRef);
      await word.site.sql(`insert into wp_comments (comment_post_ID, user_id, comment_author,
        comment_author_email, comment_author_IP, comment_content, comment_date, comment_date_gmt)
        select 1, ${id}, 'Member', '${address()}', '203.0.113.9', 'Said', now(), now() from seq_1_to_1203`);
      expect(await tellErased()).toMatchObject({ status: 200 });
      expect(await word.site.sql(`select count(*) from wp_comments where user_id = ${id}`)).toBe('0\n');
    });

    it('takes the connection from a local account, and nothing else', async () => {
      const own = await connectedAccount('erased');
      await use('erase', own.address);
      expect(
        await word.ask(`$user = get_user_by('login', 'erased'); return [$user->user_email, $user->roles,
        get_user_meta($user->ID, 'userref_user_ref', true), wp_check_password('local', $user->user_pass)];`),
      ).toEqual([own.address, ['editor'], '', true]);
    });

    it('touches nobody for an address that is not theirs', async () => {
      await use('erase', 'amber@sample.example');
      await use('erase', `ppid_${'b'.repeat(26)}@users.invalid`);
      expect(await isSignedIn()).toBe(true);
    });

    it('sends no mail to anybody without an address', async () => {
      await use('erase');
      const mail = existsSync(word.site.logs.mail) ? readFileSync(word.site.logs.mail, 'utf8') : '';
      expect(mail).not.toContain('users.invalid');
    });
  });

  describe('when the person was erased at the core', () => {
    it('erases here too, confirms it, and does so again when it is told again', async () => {
      await use('export');
      for (let delivery = 0; delivery < 2; delivery += 1) {
        expect(await tellErased()).toEqual({ status: 200, body: '{"status":"purged"}' });
      }
      expect(await idOf(userRef)).toBe(0);
      expect(await isSignedIn()).toBe(false);
      expect(await tablesWith(userRef)).toEqual(['wp_userref_revocations']);
    });

    it('does so at the address without REST', async () => {
      expect(await tellErased('/userref/webhook')).toEqual({ status: 200, body: '{"status":"purged"}' });
      expect(await idOf(userRef)).toBe(0);
    });

    it('confirms nothing while another part has to keep something', async () => {
      await word.ask(`return update_option('test_erasure', 'retained');`);
      expect((await tellErased()).status).toBe(204);
      await word.ask(`return delete_option('test_erasure');`);
    });

    it('asks to be told again when erasing fails, and then erases', async () => {
      await word.ask(`return update_option('test_erasure', 'failing');`);
      const { headers, body } = await word.core.webhook({
        type: 'subject.erased',
        data: { user_ref: userRef, request_id: 'dsr_1' },
      });
      const send = async () =>
        (await fetch(`${url()}/wp-json/userref/v1/webhook`, { method: 'POST', headers, body })).status;
      expect(await send()).toBe(503);
      await word.ask(`return delete_option('test_erasure');`);
      expect(await send()).toBe(200);
      expect(await idOf(userRef)).toBe(0);
    });

    it('erases for no other event, and for no forged one', async () => {
      await word.sendEvent('access.revoked', { user_ref: userRef, reason: 'disconnected_by_person' });
      const consent = { consent_id: 'con_1', attributes: ['profile:name'], purpose: 'order_delivery' };
      await word.sendEvent('consent.withdrawn', { user_ref: userRef, ...consent });
      const { headers, body } = await word.core.webhook({
        type: 'subject.erased',
        data: { user_ref: userRef, request_id: 'dsr_1' },
      });
      const forged = { ...headers, 'webhook-signature': `v1,${'A'.repeat(43)}=` };
      const init = { method: 'POST', headers: forged, body };
      expect((await fetch(`${url()}/wp-json/userref/v1/webhook`, init)).status).toBe(401);
      expect(await idOf(userRef)).toBeGreaterThan(0);
    });
  });

  it('explain on both screens who can be found, and nowhere else', async () => {
    const page = async (name: string) => (await administrator.fetch(`${url()}/wp-admin/${name}.php`)).text();
    for (const name of ['export-personal-data', 'erase-personal-data']) {
      expect(await page(name)).toContain('Nobody can be found by their real e-mail');
    }
    expect(await page('tools')).not.toContain('Nobody can be found');
  });

  it('offer a paragraph for the privacy policy', async () => {
    const page = await administrator.fetch(`${url()}/wp-admin/options-privacy.php?tab=policyguide`);
    expect(await page.text()).toContain('a random name that stands for you here and nowhere else');
  });

  /** A local account with an address of its own that has joined a `user_ref`. */
  async function connectedAccount(login: string): Promise<{ address: string; userRef: string }> {
    const own = `ppid_${login
      .replace(/[^a-z]/g, '')
      .padEnd(26, 'c')
      .slice(0, 26)}`;
    const email = `${login}@local.example`;
    await word.ask(`$id = wp_insert_user(['user_login' => '${login}', 'user_pass' => 'local', 'role' => 'editor',
      'user_email' => '${email}']);
      UserrefLogin\\Plugin::services()->users()->connect(get_userdata($id), '${own}'); return $id;`);
    return { address: email, userRef: own };
  }
});
