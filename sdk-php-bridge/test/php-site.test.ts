import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FakeCore, type ServedFakeCore } from '@userref/sdk-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { freePort } from '../../hosted-core/test/support/free-port.ts';
import { loadPage } from './support/load-page.ts';
import { ensurePhp } from './support/php.ts';
import { type PhpServer, startPhpServer } from './support/php-server.ts';
import {
  newFolder,
  removeFolders,
  serveCore,
  siteEnvironment,
  startTestBridge,
  type TestBridge,
} from './support/test-bridge.ts';

const problem = ensurePhp('php-guzzlehttp-guzzle', 'php-symfony-cache', 'php-monolog');
const SCRIPT = join(import.meta.dirname, 'support', 'site.php');

/** Nobody asks it anything. */
const NO_CORE = new FakeCore();

/** Real PHP, the real bridge and the whole way between them. */
describe.skipIf(problem !== undefined).each([
  ['curl', 'a socket'],
  ['curl', 'a port'],
  ['streams', 'a socket'],
  ['streams', 'a port'],
  // With a cache of PSR-16 and a log of PSR-3 besides: all of them other people's.
  ['Guzzle', 'a port'],
])('a PHP site by %s over %s', (transport, where) => {
  let served: ServedFakeCore;
  let bridge: TestBridge;
  let site: PhpServer;
  let browser: Browser;
  let port: number;
  const core = () => served.core;

  async function startBridge(settings: Record<string, string> = {}): Promise<TestBridge> {
    const listen = where === 'a port' ? { USERREF_BRIDGE_LISTEN: '127.0.0.1:0' } : {};
    return startTestBridge(core(), {
      settings: { USERREF_BASE_URL: `http://localhost:${port}`, ...listen, ...settings },
    });
  }
  async function startSite(environment: Record<string, string> = {}): Promise<PhpServer> {
    const folder = newFolder();
    return startPhpServer({
      script: SCRIPT,
      folder,
      port,
      environment: {
        ...siteEnvironment(core(), { bridge: bridge.address, folder, port }),
        SITE_TRANSPORT: transport,
        ...environment,
      },
    });
  }
  async function get(
    path: string,
    init: RequestInit = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await browser.fetch(`${site.url}${path}`, init);
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : { text } };
  }
  const signIn = () => browser.open(`${site.url}/userref/login`);
  const user = async () => (await get('/')).body['user'] as { user_ref: string } | null;

  beforeEach(async () => {
    served = await serveCore();
    port = await freePort();
    bridge = await startBridge();
    site = await startSite();
    browser = new Browser();
  });
  afterEach(async () => {
    await site.stop();
    await bridge.stop();
    await served.stop();
    const errors = site.errors();
    removeFolders();
    expect(errors).toBe('');
  });

  it('signs in, fetches what is shared and names what is not', async () => {
    const { response } = await signIn();
    expect(await response.json()).toMatchObject({ user: { user_ref: core().person.userRef } });
    core().consented = { 'contact:email': 'amber@sample.example' };
    expect((await get('/email')).body).toEqual({ email: 'amber@sample.example' });
    core().consented = {};
    expect(await get('/email')).toMatchObject({
      status: 403,
      body: { code: 'consent_required', attributes: ['contact:email'], purpose: 'newsletter' },
    });
  });

  it('keeps no token, no handle and no value in cookies', async () => {
    core().consented = { 'contact:email': 'amber@sample.example' };
    await signIn();
    await get('/email');
    expect([...browser.cookies.keys()].map((key) => key.split('|')[0])).toEqual(['PHPSESSID']);
    expect([...browser.cookies.values()][0]?.value.length).toBeLessThan(64);
  });

  it('gives a visitor who signs in another session id', async () => {
    await signIn();
    const before = [...browser.cookies.values()][0]?.value;
    core().person.sid = 'another-session-1';
    await signIn();
    const after = [...browser.cookies.values()][0]?.value;
    expect(after).not.toBe(before);
  });

  it('goes on for who is signed in while the bridge is away, and a login shows a clear page', async () => {
    await signIn();
    await bridge.stop();
    expect(await user()).toMatchObject({ user_ref: core().person.userRef });
    const page = await loadPage(`${site.url}/userref/login`);
    expect(page.status).toBe(503);
    expect(page.text).toContain('Signing in does not work right now');
    expect(await get('/email')).toMatchObject({
      status: 503,
      body: { code: 'bridge_unreachable', retryable: true },
    });
    expect(await user()).not.toBeNull();
  });

  it('finishes a login whose bridge was started anew in the middle', async () => {
    const { url } = await browser.open(`${site.url}/userref/login`, { stopAt: `${core().issuer}/auth` });
    if (where === 'a socket') {
      const { socket } = bridge;
      await bridge.stop();
      bridge = await startBridge({ USERREF_BRIDGE_LISTEN: `unix:${socket}` });
    } else {
      const listen = bridge.address.replace('http://', '');
      await bridge.stop();
      bridge = await startBridge({ USERREF_BRIDGE_LISTEN: listen });
    }
    await browser.open(url.href);
    expect(await user()).not.toBeNull();
  });

  it('ends sessions by webhook, and by catching up where it did not arrive', async () => {
    await signIn();
    const data = { user_ref: core().person.userRef, reason: 'disconnected_by_person' };
    const { headers, body } = await core().webhook({ type: 'access.revoked', data });
    const forged = { ...headers, 'webhook-signature': `v1,${'A'.repeat(43)}=` };
    expect((await get('/userref/webhook', { method: 'POST', headers: forged, body })).status).toBe(401);
    expect(await user()).not.toBeNull();
    expect((await get('/userref/webhook', { method: 'POST', headers, body })).status).toBe(204);
    expect(await user()).toBeNull();
  });

  it('learns of a revocation whose webhook did not arrive when it catches up', async () => {
    const listen = bridge.address;
    await bridge.stop();
    bridge = await startBridge({
      USERREF_BRIDGE_POLL_SECONDS: '5',
      USERREF_BRIDGE_LISTEN: listen.replace('http://', ''),
    });
    await signIn();
    const { userRef, sid } = core().person;
    await core().webhook({ type: 'session.revoked', data: { user_ref: userRef, sid, reason: 'signed_out' } });
    await expect.poll(async () => (await get('/catch-up')).body, { timeout: 15_000 }).toEqual({ new: 1 });
    expect(await user()).toBeNull();
    expect((await get('/catch-up')).body).toEqual({ new: 0 });
  });

  it('verifies passports by itself, also while the bridge is away', async () => {
    const passport = await core().passport();
    const verify = (jwt: string) => get('/passport', { method: 'POST', body: jwt });
    expect((await verify(passport)).body).toEqual({ user: core().person.userRef });
    await bridge.stop();
    expect((await verify(await core().passport())).body).toEqual({ user: core().person.userRef });
    const forged = `${passport.slice(0, -4)}AAAA`;
    expect((await verify(forged)).body['code']).toBe('passport_signature_invalid');
    const ofAnother = await core().passport({ aud: 'shop-b', site: 'shop-b' });
    expect((await verify(ofAnother)).body['code']).toBe('passport_audience_invalid');
  });

  it('has attributes sealed and opens them for as long as they are used', async () => {
    core().consented = { 'contact:email': 'amber@sample.example' };
    await signIn();
    expect((await get('/sealed')).body).toEqual({ opened: 'elpmaxe.elpmas@rebma' });
  });

  it('asks the bridge nothing for a page, however many there are', async () => {
    await signIn();
    await bridge.stop();
    for (let page = 0; page < 20; page += 1) expect(await user()).not.toBeNull();
  });

  it('says so when its secret is wrong, and to visitors nothing of it', async () => {
    await site.stop();
    site = await startSite({ USERREF_BRIDGE_SECRET: 'x'.repeat(43) });
    expect((await get('/health')).body).toMatchObject({ code: 'bridge_unauthorized' });
    const page = await loadPage(`${site.url}/userref/login`);
    const { text } = page;
    expect(text).toContain('Signing in does not work right now');
    expect(text).not.toContain('USERREF_BRIDGE_SECRET');
  });

  it('signs out by a form of its own and of nobody else', async () => {
    await signIn();
    const post = (headers: Record<string, string>) => get('/userref/logout', { method: 'POST', headers });
    expect((await post({ origin: 'https://evil.example' })).status).toBe(403);
    expect(await user()).not.toBeNull();
    const out = await post({ origin: site.url });
    expect(out.body['logout_url']).toContain(`${core().issuer}/session/end`);
    expect(await user()).toBeNull();
  });
});

describe.skipIf(problem !== undefined).each(['curl', 'streams', 'Guzzle'])(
  'what answers in place of the bridge, by %s',
  (transport) => {
    afterEach(removeFolders);

    it.each([
      ['hangs', hang],
      ['answers drop by drop', drip],
      ['answers without end', flood],
      ['sends somewhere else', redirect],
      ['speaks HTML', speakHtml],
      ['breaks off', breakOff],
    ] as const)('%s: an error, however long it would take', async (_name, answer) => {
      let calls = 0;
      const server = createServer((_request, response: ServerResponse) => {
        calls += 1;
        answer(response);
      }).listen(0, '127.0.0.1');
      const folder = newFolder();
      const port = await freePort();
      const site = await startPhpServer({
        script: SCRIPT,
        folder,
        port,
        environment: {
          ...siteEnvironment(NO_CORE, { bridge: addressOf(server), folder, port }),
          SITE_TRANSPORT: transport,
        },
      });
      const response = await fetch(`${site.url}/userref/login`);
      const problemDocument = await response.json();
      await site.stop();
      server.closeAllConnections();
      server.close();
      // What was sent once may have been done: it is not sent again.
      expect(calls).toBe(1);
      expect(problemDocument).toMatchObject({ status: 503, code: 'bridge_unreachable' });
      expect(site.errors()).toBe('');
    });
  },
);

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  const timer = setInterval(() => response.write('{'), 200);
  response.on('close', () => clearInterval(timer));
}

function flood(response: ServerResponse): void {
  const piece = 'x'.repeat(65_536);
  const timer = setInterval(() => {
    for (let count = 0; count < 50 && !response.destroyed; count += 1) response.write(piece);
  }, 5);
  response.on('close', () => clearInterval(timer)).on('error', () => clearInterval(timer));
}

function redirect(response: ServerResponse): void {
  response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
}

function hang(): void {}

function speakHtml(response: ServerResponse): void {
  response.end('<html>');
}

function breakOff(response: ServerResponse): void {
  response.destroy();
}
