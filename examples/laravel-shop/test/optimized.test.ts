import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../hosted-core/test/support/free-port.ts';
import { ensurePhp } from '../../../sdk-php-bridge/test/support/php.ts';
import { type PhpServer, startPhpServer } from '../../../sdk-php-bridge/test/support/php-server.ts';

const SHOP = join(import.meta.dirname, '..');
const noPhp = ensurePhp('php-laravel-framework');

/** As it is deployed: Laravel has written down settings, routes, events and views, and looks for none of them. */
describe.skipIf(noPhp !== undefined)('the Laravel shop after `php artisan optimize`', () => {
  const folder = mkdtempSync(join(tmpdir(), 'userref-laravel-shop-'));
  const places = {
    PATH: process.env['PATH'] ?? '',
    SHOP_STORAGE: join(folder, 'storage'),
    SHOP_DATABASE: join(folder, 'shop.sqlite'),
  };
  const settings = {
    APP_KEY: `base64:${Buffer.alloc(32, 'k').toString('base64')}`,
    USERREF_BRIDGE: `unix:${join(folder, 'nobody.sock')}`,
    USERREF_BRIDGE_SECRET: Buffer.alloc(32, 'b').toString('base64url'),
    USERREF_ISSUER: 'https://id.example.eu',
    USERREF_SITE: 'shop-a',
    USERREF_BASE_URL: 'https://shop.example',
    USERREF_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 'w').toString('base64')}`,
  };
  let site: PhpServer;

  const artisan = (words: readonly string[], env: Record<string, string>) => {
    const line = [join(SHOP, 'artisan'), ...words];
    const { status, stdout, stderr } = spawnSync('php', line, { env, encoding: 'utf8' });
    return { status, said: stdout + stderr };
  };

  beforeAll(async () => {
    closeSync(openSync(places.SHOP_DATABASE, 'w'));
    for (const command of [['migrate', '--force'], ['optimize'], ['view:cache']]) {
      expect(artisan(command, { ...places, ...settings })).toMatchObject({ status: 0 });
    }
    // What was written down is not read from the environment any more.
    const port = await freePort();
    site = await startPhpServer({ script: join(SHOP, 'server.php'), folder, environment: places, port });
  });
  afterAll(async () => {
    await site?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const get = (path: string) => fetch(`${site.url}${path}`, { redirect: 'manual' });

  it('has written them down', () => {
    const cached = readdirSync(join(places.SHOP_STORAGE, 'framework', 'cache'));
    expect(cached).toEqual(expect.arrayContaining(['config.php', 'routes.php']));
  });

  it('shows its shelf, with the link to sign in', async () => {
    const page = await get('/');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('href="/userref/login?return_to=%2F"');
  });

  it('sends to sign in for what needs a person, and says so while the bridge is away', async () => {
    const checkout = await get('/checkout');
    expect([checkout.status, checkout.headers.get('location')]).toEqual([
      302,
      expect.stringContaining('/userref/login?attributes=address%3Ashipping%2Ccontact%3Aemail&'),
    ]);
    expect((await get('/orders')).status).toBe(401);
    const login = await get('/userref/login');
    expect(login.status).toBe(503);
    expect(await login.text()).toContain('bridge_unreachable');
  });

  it('has a page of its own for an address that is none', async () => {
    const page = await get('/nothing-here');
    expect([page.status, await page.text()]).toEqual([
      404,
      expect.stringContaining('<h1>Page not found</h1>'),
    ]);
  });

  it('takes webhooks without a token of forms, and none that is not signed', async () => {
    const body = '{}';
    const answer = await fetch(`${site.url}/userref/webhook`, { method: 'POST', body });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('webhook_headers_missing'),
    ]);
  });

  it('signs out without a token of forms, and not from elsewhere', async () => {
    const signOut = (origin: string) =>
      fetch(`${site.url}/userref/logout`, { method: 'POST', headers: { origin } });
    const here = await signOut('https://shop.example');
    expect([here.status, await here.json()]).toEqual([200, { logout_url: 'https://shop.example/' }]);
    expect((await signOut('https://elsewhere.example')).status).toBe(403);
    // The shop's own forms need theirs.
    expect((await fetch(`${site.url}/basket`, { method: 'POST' })).status).toBe(419);
  });

  it('has the doctor say what is wrong', () => {
    const { status, said } = artisan(['userref:doctor'], places);
    expect([status, said]).toEqual([1, expect.stringContaining('bridge_unreachable')]);
  });

  it('has PHP complain of nothing', () => {
    expect(site.errors()).not.toMatch(/Warning|Fatal/);
  });
});
