import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServedFakeCore } from '@userref/sdk-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { freePort } from '../../hosted-core/test/support/free-port.ts';
import { ENDPOINTS } from '../src/api/endpoints.ts';
import { ensurePhp } from './support/php.ts';
import { type PhpServer, startPhpServer } from './support/php-server.ts';
import {
  comeBack,
  jar,
  newFolder,
  removeFolders,
  serveCore,
  signIn,
  siteEnvironment,
  startTestBridge,
  type TestBridge,
} from './support/test-bridge.ts';

/** When PHP gives up. */
const GIVES_UP_MS = 5000;
const GIVES_UP_ON_HEALTH_MS = 2000;

const hang = () => new Response(new ReadableStream());

function later(text: string, afterMs: number): () => Response {
  const body = () =>
    new ReadableStream({
      async start(controller) {
        await sleep(afterMs);
        controller.enqueue(new TextEncoder().encode(text));
        controller.close();
      },
    });
  return () => new Response(body(), { headers: { 'content-type': 'application/json' } });
}

/**
 * Whether work ends before a timer that is set at the same time. A machine that is busy with other tests is late with
 * both.
 */
async function raceWith<Result>(milliseconds: number, work: () => Promise<Result>) {
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
  }, milliseconds);
  const result = await work();
  clearTimeout(timer);
  return { result, isInTime: !isOver };
}

describe('a core that is slow', () => {
  let served: ServedFakeCore;
  let bridge: TestBridge;
  const core = () => served.core;

  beforeEach(async () => {
    served = await serveCore();
    bridge = await startTestBridge(core());
  });
  afterEach(async () => {
    await bridge.stop();
    await served.stop();
    removeFolders();
  });

  it('and is needed twice for one login makes PHP wait no longer than being needed once', async () => {
    const started = await bridge.call('/v1/login/start', { body: {} });
    const query = comeBack(core(), started);
    // A bridge that was just started has to look for everything, and each request by itself would be in time.
    const discovery = await (await fetch(`${core().issuer}/.well-known/openid-configuration`)).text();
    await bridge.stop();
    bridge = await startTestBridge(core());
    core().bends.replies = { discovery: later(discovery, 1700), token: hang };
    const { result, isInTime } = await raceWith(GIVES_UP_MS, () =>
      bridge.call('/v1/login/complete', { body: { query, cookies: jar(started) } }),
    );
    expect(result).toMatchObject({ status: 503, body: { code: 'network_failed', retryable: true } });
    expect(core().callsTo('token')).toHaveLength(1);
    expect(isInTime).toBe(true);
  });

  it('lets every call end before PHP gives up', async () => {
    const { body } = await signIn(bridge, core());
    await bridge.stop();
    bridge = await startTestBridge(core());
    core().bends.replies = Object.fromEntries(
      ['discovery', 'jwks', 'par', 'token', 'attributes', 'seal', 'unseal', 'ack', 'events'].map((name) => [
        name,
        hang,
      ]),
    );
    const { session_handle } = body;
    const named = { names: ['contact:email'], purpose: 'news' };
    const bodies: Record<string, object | undefined> = {
      startLogin: {},
      completeLogin: { query: 'state=x&code=y', cookies: {} },
      refreshSession: { session_handle },
      fetchAttributes: { session_handle, ...named },
      sealAttributes: {
        ...{ user_ref: core().person.userRef, ...named, order_ref: 'o-1' },
        expires_at: new Date(Date.now() + 86_400_000).toISOString(),
      },
      unseal: { sealed: 'a.b.c.d.e', purpose: 'news', order_ref: 'o-1', actor_ref: 'staff-1' },
      verifyWebhook: { headers: {}, body_base64: '' },
      confirmPurge: { event_id: `evt_${'a'.repeat(26)}` },
      logout: { session_handle },
    };
    const took = await Promise.all(
      ENDPOINTS.map(async ({ operationId, path }) => {
        const givesUpMs = operationId === 'health' ? GIVES_UP_ON_HEALTH_MS : GIVES_UP_MS;
        const call = () => bridge.call(path, { body: bodies[operationId] });
        const { result, isInTime } = await raceWith(givesUpMs, call);
        const { status, body: said } = result;
        return { operationId, isInTime, status, code: said.code as string | undefined };
      }),
    );
    expect(took.filter(({ isInTime }) => !isInTime)).toEqual([]);
    // Signing out goes on without the core.
    const failed = took.filter(({ status }) => status === 503);
    expect(failed.map(({ operationId }) => operationId)).toContain('startLogin');
    for (const { code } of failed)
      expect(code).toMatch(/^(network_failed|discovery_failed|service_unavailable)$/);
  });

  it('shows in the health within two seconds, also when there are keys from better times', async () => {
    expect((await bridge.call('/v1/health')).body.status).toBe('ok');
    await bridge.stop();
    let ahead = 0;
    bridge = await startTestBridge(core(), { clock: () => new Date(Date.now() + ahead) });
    expect((await bridge.call('/v1/health')).body).toMatchObject({ status: 'ok', version: '0.0.0' });
    core().bends.replies = { jwks: hang };
    ahead = 60_000;
    const health = () => bridge.call('/v1/health');
    const { result, isInTime } = await raceWith(GIVES_UP_ON_HEALTH_MS, health);
    expect(result.body).toMatchObject({ status: 'degraded', jwks_age_s: expect.closeTo(60, -1) });
    expect(isInTime).toBe(true);
    expect((await bridge.call('/v1/jwks')).status).toBe(200);
  });
});

const problem = ensurePhp();

describe.skipIf(problem !== undefined)('PHP, while the core hangs', () => {
  let served: ServedFakeCore;
  let bridge: TestBridge;
  let site: PhpServer;
  const core = () => served.core;

  beforeEach(async () => {
    served = await serveCore();
    const port = await freePort();
    const folder = newFolder();
    bridge = await startTestBridge(core(), { settings: { USERREF_BASE_URL: `http://localhost:${port}` } });
    site = await startPhpServer({
      script: join(import.meta.dirname, 'support', 'site.php'),
      ...{ folder, port },
      environment: siteEnvironment(core(), { bridge: bridge.address, folder, port }),
    });
  });
  afterEach(async () => {
    await site.stop();
    await bridge.stop();
    await served.stop();
    removeFolders();
  });

  it('says so in the words of the bridge, at each step, and nobody is signed out', async () => {
    const browser = new Browser();
    await browser.open(`${site.url}/userref/login`);
    core().bends.replies = { par: hang, token: hang, attributes: hang };
    const codeOf = async (path: string) => {
      const answer = await browser.fetch(`${site.url}${path}`);
      return ((await answer.json()) as { code: string }).code;
    };
    expect(await codeOf('/userref/login')).toBe('network_failed');
    expect(await codeOf('/email')).toBe('network_failed');
    core().bends.replies = { token: hang };
    const { url } = await browser.open(`${site.url}/userref/login`, { stopAt: `${core().issuer}/auth` });
    expect(await codeOf(`/userref/callback${core().signIn(url.href).search}`)).toBe('network_failed');
    const user = await (await browser.fetch(`${site.url}/`)).json();
    expect(user).toMatchObject({ user: { user_ref: core().person.userRef } });
  });
});
