import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { ensurePhp } from './support/php.ts';
import { useWordPress } from './support/use-wordpress.ts';
import { type TestWordPress, testPlugin } from './support/wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type: string | undefined;
}

describe.skipIf(problem !== undefined)('webhooks to WordPress', () => {
  const wordpress = useWordPress({
    mustUsePlugins: [testPlugin('faults')],
    setUp: `file_put_contents(WPMU_PLUGIN_DIR . '/listen.php', '<?php
      add_action("userref_event", fn ($event) => update_option("heard", [...get_option("heard", []), $event->id]));
      add_filter("userref_purge", function ($isPurged, $event) {
        update_option("asked", [...get_option("asked", []), $event->id]);
        return $isPurged && !get_option("cannot_purge");
      }, 10, 2);');`,
  });
  let path: string;
  const { url, isGreeted: isSignedIn } = wordpress;
  const event = (type = 'access.revoked', more: object = {}) =>
    wordpress.core.webhook({
      type,
      data: { user_ref: wordpress.core.person.userRef, reason: 'revoked_by_operator', ...more },
    } as Parameters<TestWordPress['core']['webhook']>[0]);
  /** Headers as they are given: a list is sent as several headers, and names keep their case. */
  function post(headers: Record<string, string | string[]>, body: string): Promise<Answer> {
    return new Promise((done, fail) => {
      const call = request(url(path), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      });
      call.on('response', (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        const type = response.headers['content-type'];
        response.on('end', () => done({ status: response.statusCode ?? 0, body: text, type }));
      });
      call.on('error', fail);
      call.end(body);
    });
  }
  const rows = () => wordpress.site.sql('select count(*) from wp_userref_revocations');

  beforeEach(async () => {
    await wordpress.signIn(wordpress.browser);
    await wordpress.ask("delete_option('cannot_purge'); return delete_option('heard');");
  });
  afterEach(() => wordpress.site.setConstants({ TEST_SHUT_REST: null }));

  describe.each([
    ['by REST', '/wp-json/userref/v1/webhook'],
    ['by the address without REST', '/userref/webhook'],
  ])('%s', (_name, address) => {
    beforeEach(() => {
      path = address;
    });

    it('end what they end, once, and are told to others once', async () => {
      const { headers, body } = await event();
      expect(await post(headers, body)).toMatchObject({ status: 204, body: '' });
      expect(await isSignedIn()).toBe(false);
      expect((await post(headers, body)).status).toBe(204);
      expect(await wordpress.ask("return get_option('heard');")).toEqual([headers['webhook-id']]);
    });

    it.each([
      ['in capitals', (name: string) => name.toUpperCase()],
      ['in title case', (name: string) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())],
    ])('are taken with names of headers %s', async (_case, spell) => {
      const { headers, body } = await event();
      const spelt = Object.fromEntries(Object.entries(headers).map(([name, value]) => [spell(name), value]));
      expect((await post(spelt, body)).status).toBe(204);
      expect(await isSignedIn()).toBe(false);
    });

    it.each([
      ['a signature of somebody else', { 'webhook-signature': `v1,${'A'.repeat(43)}=` }, 401],
      ['no signature', { 'webhook-signature': '' }, 400],
      ['another id', { 'webhook-id': 'evt_another' }, 401],
      ['a time long ago', { 'webhook-timestamp': '1700000000' }, 401],
      ['a time with more behind it', { 'webhook-timestamp': '1700000000abc' }, 401],
      ['SQL in the id', { 'webhook-id': "x' or 1=1 -- " }, 400],
      ['HTML in the id', { 'webhook-id': '<script>alert(1)</script>' }, 400],
    ])('are refused with %s, and nothing is kept', async (_case, changes, status) => {
      const { headers, body } = await event();
      const before = await rows();
      const answer = await post({ ...headers, ...changes }, body);
      expect(answer.status).toBe(status);
      expect(answer.type).toContain('application/problem+json');
      expect(answer.body).not.toMatch(/<script|whsec|or 1=1/);
      expect(await rows()).toBe(before);
      expect(await isSignedIn()).toBe(true);
    });

    it('are refused when a header comes twice with different values', async () => {
      const { headers, body } = await event();
      const twice = { ...headers, 'webhook-id': [headers['webhook-id'] ?? '', 'evt_another'] };
      expect((await post(twice, body)).status).toBeGreaterThanOrEqual(400);
      expect(await isSignedIn()).toBe(true);
    });

    it.each([
      ['a body that was changed', (body: string) => body.replace('access', 'subject')],
      ['a body with a space more', (body: string) => `${body} `],
      ['no body', () => ''],
      ['more than an event', (body: string) => body + ' '.repeat(70_000)],
      ['what is no JSON', () => '{"type":'],
    ])('are refused with %s', async (_case, change) => {
      const { headers, body } = await event();
      const { status } = await post(headers, change(body));
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(await isSignedIn()).toBe(true);
    });

    it('are taken up to five minutes late or early, and no later', async () => {
      for (const [seconds, status] of [
        [-60, 204],
        [60, 204],
        [-400, 401],
        [400, 401],
      ] as const) {
        const at = new Date(Date.now() + seconds * 1000);
        const { headers, body } = await wordpress.core.webhook({
          type: 'endpoint.test',
          data: {},
          at,
        } as never);
        expect((await post(headers, body)).status, String(seconds)).toBe(status);
      }
    });

    it('confirm a purge when every part could, and are receipts only when one could not', async () => {
      const more = { consent_id: 'con_x', attributes: ['contact:email'], purpose: 'newsletter' };
      const done = await event('consent.withdrawn', more);
      expect(await post(done.headers, done.body)).toMatchObject({ status: 200, body: '{"status":"purged"}' });
      await wordpress.ask("return update_option('cannot_purge', 1);");
      const open = await event('consent.withdrawn', more);
      expect(await post(open.headers, open.body)).toMatchObject({ status: 204, body: '' });
    });

    it('ask the core to come again while the database cannot keep them, and count then', async () => {
      const { headers, body } = await event();
      await wordpress.site.sql('rename table wp_userref_revocations to wp_away');
      try {
        const answer = await post(headers, body);
        expect(answer.status).toBe(503);
        expect(answer.body).not.toMatch(/wp_userref_revocations|insert into/i);
      } finally {
        await wordpress.site.sql('rename table wp_away to wp_userref_revocations');
      }
      expect(await isSignedIn()).toBe(true);
      expect((await post(headers, body)).status).toBe(204);
      expect(await isSignedIn()).toBe(false);
      expect(await wordpress.ask("return get_option('heard');")).toEqual([headers['webhook-id']]);
    });

    it('are taken for new types without harm', async () => {
      const { headers, body } = await event('consent.postponed');
      expect((await post(headers, body)).status).toBe(204);
      expect(await isSignedIn()).toBe(true);
    });

    it('are no matter for pages: a GET says so', async () => {
      const { status } = await fetch(url(path), { redirect: 'manual' });
      expect([404, 405]).toContain(status);
    });

    it('arrive by the other address where a plug-in shuts the REST API', async () => {
      wordpress.site.setConstants({ TEST_SHUT_REST: true });
      const { headers, body } = await event();
      const isRest = path.startsWith('/wp-json');
      expect((await post(headers, body)).status).toBe(isRest ? 401 : 204);
      expect(await isSignedIn()).toBe(isRest);
    });
  });

  it('are purged again by the catch-up until every part could, whether they arrived or not', async () => {
    const more = { consent_id: 'con_x', attributes: ['contact:email'], purpose: 'newsletter' };
    await wordpress.ask("update_option('cannot_purge', 1); return delete_option('asked');");
    const arrived = await event('consent.withdrawn', more);
    path = '/userref/webhook';
    expect((await post(arrived.headers, arrived.body)).status).toBe(204);
    const missed = (await event('consent.withdrawn', more)).headers['webhook-id'];
    const id = arrived.headers['webhook-id'];
    const run = (): Promise<string[]> =>
      wordpress.ask("do_action('userref_catch_up'); return get_option('asked', []);");
    const times = (asked: string[]) =>
      [id, missed].map((one) => asked.filter((other) => other === one).length);
    await expect.poll(run, { timeout: 15_000, interval: 300 }).toContain(missed);
    const before = times(await run());
    const again = times(await run());
    expect(again).toEqual(before.map((count) => count + 1));
    await wordpress.ask("return delete_option('cannot_purge');");
    const done = await run();
    expect(times(done)).toEqual(again.map((count) => count + 1));
    expect(await run()).toEqual(done);
  });
});
