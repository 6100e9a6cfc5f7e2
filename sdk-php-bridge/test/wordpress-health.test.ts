import { readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { ensurePhp } from './support/php.ts';
import { startTestWordPress, type TestWordPress, testPlugin } from './support/wordpress.ts';
import { checkOf, setConstants, valueIn } from './support/wordpress-health.ts';

const problem = ensurePhp() ?? ensureWordPress();

describe.skipIf(problem !== undefined)('Site Health, of what is around the site', () => {
  let word: TestWordPress;
  const stops: (() => void)[] = [];

  beforeAll(async () => {
    word = await startTestWordPress({ mustUsePlugins: [testPlugin('faults'), testPlugin('health')] });
    await (await fetch(word.site.url)).text();
  });
  afterAll(() => word?.stop());
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });

  const check = (name: string, before = '') => checkOf(word, name, before);
  const withConstants = (constants: Record<string, string | boolean>) =>
    stops.push(setConstants(word, constants));

  describe('of the bridge', () => {
    it('is good when all is well', async () => {
      expect(await check('bridge')).toMatchObject({ status: 'good' });
    });

    it('says that the secret is wrong, and not what it is', async () => {
      const secret = 'wrong-secret-of-the-bridge-0123456789-abcdefghij';
      withConstants({ USERREF_BRIDGE_SECRET: secret });
      const found = await check('bridge');
      expect(found).toMatchObject({ status: 'critical', label: expect.stringContaining('secret') });
      expect(JSON.stringify(found)).not.toContain(secret);
    });

    it('says that nothing answers, and that nobody is signed out by it', async () => {
      withConstants({ USERREF_BRIDGE: 'http://127.0.0.1:9' });
      const found = await check('bridge');
      expect(found).toMatchObject({ status: 'critical', label: 'The bridge of Userref does not answer' });
      expect(found.description).toContain('bridge_unreachable');
    });

    it('says what is missing in the settings', async () => {
      withConstants({ USERREF_SITE: '' });
      const found = await check('bridge');
      expect(found).toMatchObject({ status: 'critical', label: 'Sign-in by Userref is not set up' });
      expect(found.description).toContain('site must be');
    });

    it.each([
      ['it belongs to another site', { site: 'shop-b' }, 'critical', 'belongs to another site'],
      ['the core does not answer it', { status: 'unavailable' }, 'critical', 'does not reach the core'],
      ['the clock is 31 seconds behind', { clock_offset_ms: 31_000 }, 'critical', 'clock of this server'],
      ['the clock is 31 seconds ahead', { clock_offset_ms: -31_000 }, 'critical', 'clock of this server'],
      ['the clock is 29 seconds off', { clock_offset_ms: 29_000 }, 'good', 'answers'],
      ['it has not caught up', { revocations: { caught_up: false } }, 'recommended', 'not caught up'],
    ] as const)('says so when %s', async (_what, bends, status, label) => {
      withConstants({ USERREF_BRIDGE: await bridgeThatSays(bends) });
      expect(await check('bridge')).toMatchObject({ status, label: expect.stringContaining(label) });
    });
  });

  describe('of the start address', () => {
    it('is good when every visit begins a login of its own, also where the server has a proxy', async () => {
      expect(await check('start_address')).toMatchObject({ status: 'good' });
      const proxy = `putenv('http_proxy=http://127.0.0.1:9'); putenv('ALL_PROXY=http://127.0.0.1:9');`;
      expect(await check('start_address', proxy)).toMatchObject({ status: 'good' });
    });

    it('sees a cache that keeps a login', async () => {
      withConstants({ TEST_STUBBORN_CACHE: true });
      stops.push(() => rmSync(join(word.site.root, 'wp-content/kept-location'), { force: true }));
      expect(await check('start_address')).toMatchObject({
        status: 'critical',
        label: 'A cache keeps the beginning of a login',
      });
    });

    it('sees a server that takes away what forbids caching', async () => {
      withConstants({ TEST_LOST_HEADERS: true });
      expect(await check('start_address')).toMatchObject({ status: 'recommended' });
    });

    it('sees what answers in its place', async () => {
      withConstants({ TEST_BLOCKED_PATH: '/userref/login' });
      const found = await check('start_address');
      expect(found).toMatchObject({ status: 'critical' });
      expect(found.description).toContain('403');
    });
  });

  describe('of webhooks', () => {
    it('is good when both addresses take them', async () => {
      expect(await check('webhook')).toMatchObject({ status: 'good' });
    });

    it('names the address to use where another plug-in shuts the REST API', async () => {
      withConstants({ TEST_SHUT_REST: true });
      const found = await check('webhook');
      expect(found).toMatchObject({ status: 'recommended' });
      expect(found.description).toContain(`sent to ${word.site.url}/userref/webhook.`);
    });

    it('names the other where that one is blocked', async () => {
      withConstants({ TEST_BLOCKED_PATH: '/userref/webhook' });
      expect((await check('webhook')).description).toContain(
        `sent to ${word.site.url}/wp-json/userref/v1/webhook.`,
      );
    });

    it('is critical when none arrives, and without a secret', async () => {
      withConstants({ TEST_SHUT_REST: true, TEST_BLOCKED_PATH: '/userref/webhook' });
      expect(await check('webhook')).toMatchObject({ status: 'critical', label: 'Webhooks do not arrive' });
      withConstants({ USERREF_WEBHOOK_SECRET: '' });
      expect(await check('webhook')).toMatchObject({ status: 'critical', label: 'Webhooks have no secret' });
    });
  });

  describe('on its screen', () => {
    /** What WordPress's own scripts send along with their requests. */
    async function nonceOf(browser: Browser): Promise<Record<string, string>> {
      const answer = await browser.fetch(`${word.site.url}/wp-admin/admin-ajax.php?action=rest-nonce`);
      return { 'x-wp-nonce': await answer.text() };
    }
    const address = () => `${word.site.url}/wp-json/userref/v1/health/bridge`;
    const refusal = async (answer: Response) => {
      const { code } = (await answer.json()) as { code: string };
      return `${answer.status} ${code}`;
    };

    it('asks what takes time by REST, as administrators alone may', async () => {
      const browser = await word.administrator();
      const screen = await (await browser.fetch(`${word.site.url}/wp-admin/site-health.php`)).text();
      expect(screen).toMatch(/userref(\\?\/)v1\1health\1bridge/);
      const headers = await nonceOf(browser);
      const answer = await browser.fetch(address(), { headers });
      expect(await answer.json()).toMatchObject({ status: 'good', test: 'userref_bridge' });
      const unknown = await browser.fetch(`${address()}s`, { headers });
      expect(await refusal(unknown)).toBe('404 userref_no_check');
      expect(await refusal(await fetch(address()))).toBe('401 rest_forbidden');
    });

    it('refuses members', async () => {
      const browser = new Browser();
      await word.signIn(browser);
      const answer = await browser.fetch(address(), { headers: await nonceOf(browser) });
      expect(await refusal(answer)).toBe('403 rest_forbidden');
    });

    it('lists the settings for who helps, without a secret', async () => {
      const section = JSON.stringify(
        await word.ask(`return apply_filters('debug_information', [])['userref-login'];`),
      );
      expect(section).toContain(word.core.issuer);
      expect(section).toContain('(wp-config.php)');
      const config = readFileSync(join(word.site.root, 'wp-config.php'), 'utf8');
      for (const name of ['USERREF_BRIDGE_SECRET', 'USERREF_WEBHOOK_SECRET', 'AUTH_KEY']) {
        expect(section).not.toContain(String(valueIn(config, name)));
      }
    });
  });

  /** Something that answers in the bridge's place. */
  async function bridgeThatSays(bends: object): Promise<string> {
    const health = {
      status: 'ok',
      issuer: word.core.issuer,
      site: word.core.site,
      clock_offset_ms: 0,
      jwks_age_s: 1,
      revocations: { caught_up: true },
      ...bends,
    };
    const server: Server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(health));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    stops.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
});
