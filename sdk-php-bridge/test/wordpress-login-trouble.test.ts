import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { loadPage } from './support/load-page.ts';
import { ensurePhp } from './support/php.ts';
import { newFolder } from './support/test-bridge.ts';
import { useWordPress } from './support/use-wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();

describe.skipIf(problem !== undefined)('trouble with a login to WordPress', () => {
  const under = useWordPress();

  it('shows what happened, why and what to do when a callback has no login, and signs nobody in', async () => {
    const page = await loadPage(under.url('/userref/callback?state=aaaaaaaaaaaaaaaaaaaaaa&code=b'));
    expect(page.status).toBe(400);
    expect(page.text).toContain('login_state_missing');
    expect(page.text).toContain('Sign in again');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('takes a callback that is sent again for what it is: no error for who is signed in, no login for anybody else', async () => {
    const login = await under.browser.open(under.url('/userref/login?return_to=/here'), {
      stopAt: `${under.core.issuer}/auth`,
    });
    const { url: back } = await under.browser.open(login.url.href, {
      stopAt: under.url('/userref/callback'),
    });
    await under.browser.open(back.href);
    expect((await under.browser.open(back.href)).url.pathname).toBe('/');
    const stranger = new Browser();
    expect((await stranger.open(back.href)).response.status).toBe(400);
    expect([...stranger.cookies.keys()].join()).not.toContain('wordpress_logged_in');
  });

  it.each([
    ["' or 1=1 -- ", 'SQL'],
    ['"><script>alert(1)</script>', 'HTML'],
    ['%00%0d%0aSet-Cookie:%20a=b', 'a header'],
    ['\u202e\ud83d\ude00', 'signs of every kind'],
  ])('takes %j in every field for text', async (evil) => {
    const encoded = evil.startsWith('%') ? evil : encodeURIComponent(evil);
    for (const path of [
      `/userref/login?return_to=/${encoded}&purpose=${encoded}&attributes=${encoded}&iss=${encoded}`,
      `/userref/login?return_to=${encoded}`,
      `/userref/login?target_link_uri=${encoded}&started_by=${encoded}`,
      `/userref/callback?state=${encoded}&code=${encoded}&iss=${encoded}&error=${encoded}&error_description=${encoded}`,
    ]) {
      const page = await loadPage(under.url(path), {
        cookie: `userref_${under.core.site}-login-aaaaaaaaaaaaaaaa=${encodeURIComponent(evil)}`,
      });
      expect(page.status, path).toBeLessThan(500);
      expect(page.text).not.toContain('<script>alert');
      expect(page.headers['set-cookie']?.join() ?? '').not.toMatch(/(^|,)a=b/);
      expect(page.text).not.toMatch(/Fatal|Warning|SQL/);
    }
  });

  it('goes on for who is signed in while the bridge is away, and a login shows a page with another try', async () => {
    await under.signIn(under.browser);
    under.constants.set({ USERREF_BRIDGE: `unix:${join(newFolder(), 'nobody.sock')}` });
    expect(await under.isGreeted()).toBe(true);
    const page = await loadPage(under.url('/userref/login?return_to=/basket'));
    expect(page.status).toBe(503);
    expect(page.text).toContain('Signing in does not work right now');
    expect(page.text).toContain('Whoever is signed in stays signed in');
    expect(page.text).toMatch(/href="\/userref\/login[^"]*">Sign in again/);
    expect((await under.administrator()).cookies.size).toBeGreaterThan(0);
  });

  it.each([
    ['hangs', () => {}],
    ['breaks off', (socket: { destroy(): void }) => socket.destroy()],
  ])('gives up in time when the bridge %s', async (_name, treat) => {
    const server: Server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    server.on('connection', treat);
    under.undo.push(() => {
      server.closeAllConnections();
      server.close();
    });
    under.constants.set({
      USERREF_BRIDGE: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    });
    await under.site.sql("delete from wp_options where option_name like '\\_site\\_transient%userref%'");
    expect((await loadPage(under.url('/userref/login'))).status).toBe(503);
  });

  it('says nothing of its secret to visitors when it is wrong', async () => {
    under.constants.set({ USERREF_BRIDGE_SECRET: 'x'.repeat(43) });
    const page = await loadPage(under.url('/userref/login'));
    expect(page.status).toBe(503);
    expect(page.text).toContain('Signing in does not work right now');
    expect(page.text).not.toMatch(/secret|x{43}/i);
  });

  it('is off where wp-config.php says so: no button, no login, and passwords go on', async () => {
    await under.signIn(under.browser);
    under.constants.set({ USERREF_LOGIN_DISABLE: true });
    expect(await (await new Browser().fetch(under.url('/wp-login.php'))).text()).not.toContain(
      'userref-login-button',
    );
    const page = await loadPage(under.url('/userref/login'));
    expect(page.status).toBe(503);
    expect(page.text).toContain('switched off');
    const administrator = await under.administrator();
    expect(await (await administrator.fetch(under.url('/wp-admin/'))).text()).toContain('wpadminbar');
    expect(await under.isGreeted()).toBe(true);
  });

  it('says that it is not set up yet, and breaks nothing', async () => {
    under.constants.set({ USERREF_BRIDGE_SECRET: '' });
    expect(await under.text('/wp-login.php')).not.toContain('userref-login-button');
    const page = await loadPage(under.url('/userref/login'));
    expect(page.status).toBe(503);
    expect(page.text).toContain('not set up yet');
    expect(page.text).not.toContain('bridge_secret');
  });

  it('takes what a request says as it came, without WordPress’ slashes', async () => {
    // Written by hand: nobody may encode the apostrophe.
    const location = await new Promise<string>((done, fail) => {
      const { port } = new URL(under.site.url);
      const call = request({ port, host: 'localhost', path: "/userref/login?return_to=/it's" });
      call.on('response', (response) => {
        response.resume();
        done(response.headers.location ?? `${response.statusCode}`);
      });
      call.on('error', fail).end();
    });
    expect(location).toContain(under.core.issuer);
  });
});
