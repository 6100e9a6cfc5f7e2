import type { ServedFakeCore } from '@userref/sdk-core/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NO_PREVIEWS, PREVIEWED_SITE } from '../../hosted-core/test/support/preview-addresses.ts';
import { createParts } from '../src/server/parts.ts';
import { readBridgeSettings } from '../src/settings/bridge-settings.ts';
import { fitsPreviewPattern, isPreviewPattern } from '../src/settings/preview-patterns.ts';
import {
  type Answer,
  comeBack,
  environmentFor,
  jar,
  removeFolders,
  serveCore,
  startTestBridge,
  type TestBridge,
} from './support/test-bridge.ts';

const PREVIEW = 'https://pr-123--shop.preview.example';
const OTHER = 'https://pr-124--shop.preview.example';
const USERREF_BRIDGE_PREVIEWS = PREVIEWED_SITE.previewPatterns.join(',');
const CALLBACK = '/userref/callback';
/** As what PHP would name; without a path a preview is just what it should be. */
const HOSTILE = NO_PREVIEWS.filter(([what]) => what !== 'no path');
const NAMED = { names: ['contact:email'], purpose: 'newsletter' };

let served: ServedFakeCore;
let bridge: TestBridge;
const core = () => served.core;

beforeAll(async () => {
  served = await serveCore();
  bridge = await startTestBridge(core(), { settings: { USERREF_BRIDGE_PREVIEWS } });
});
afterEach(() => {
  core().bends = { replies: {} };
});
afterAll(async () => {
  await bridge.stop();
  await served.stop();
  removeFolders();
});

const at = (origin: string | undefined) => (origin === undefined ? {} : { preview_origin: origin });
const start = (origin?: string, using = bridge) => using.call('/v1/login/start', { body: at(origin) });
const refresh = (session_handle: string, origin?: string) =>
  bridge.call('/v1/session/refresh', { body: { session_handle, ...at(origin) } });

async function signIn(origin?: string): Promise<Answer> {
  const started = await start(origin);
  const body = { query: comeBack(core(), started), cookies: jar(started), ...at(origin) };
  return bridge.call('/v1/login/complete', { body });
}

/** Every call that depends on where the site is, as a preview makes it. */
const calls = (using: TestBridge, origin: string): Promise<Answer>[] =>
  Object.entries({
    '/v1/login/start': {},
    '/v1/login/complete': { query: 'state=x&code=y', cookies: {} },
    '/v1/session/refresh': { session_handle: 'x' },
    '/v1/attributes': { session_handle: 'x', ...NAMED },
    '/v1/logout': {},
  }).map(([path, body]) => using.call(path, { body: { ...body, ...at(origin) } }));

describe('a preview of a PHP site', () => {
  it('signs in at its own address, and fetches what is shared', async () => {
    core().consented = { 'contact:email': 'amber@sample.example' };
    core().calls.length = 0;
    const { body } = await signIn(PREVIEW);
    const addresses = (['par', 'token'] as const).map((name) => core().callsTo(name)[0]?.body);
    expect(addresses.map((sent) => sent?.get('redirect_uri'))).toEqual([PREVIEW, PREVIEW].map(withCallback));
    const asked = { session_handle: body.session_handle, ...NAMED, ...at(PREVIEW) };
    const { body: given } = await bridge.call('/v1/attributes', { body: asked });
    expect(given.attributes).toEqual({ 'contact:email': 'amber@sample.example' });
  });

  it('has sessions of its own: neither another preview nor the site takes them, nor the other way round', async () => {
    const { session_handle: ofPreview } = (await signIn(PREVIEW)).body;
    const { session_handle: ofSite } = (await signIn()).body;
    const isActive = async (...given: Parameters<typeof refresh>) => (await refresh(...given)).body.active;
    expect(await Promise.all([isActive(ofPreview, PREVIEW), isActive(ofSite)])).toEqual([true, true]);
    const strange = [isActive(ofPreview, OTHER), isActive(ofPreview), isActive(ofSite, PREVIEW)];
    expect(await Promise.all(strange)).toEqual([false, false, false]);
  });

  it('takes no answer to a login that another preview, or the site, began', async () => {
    for (const [began, ends] of [
      [OTHER, PREVIEW],
      [undefined, PREVIEW],
      [PREVIEW, undefined],
    ] as const) {
      const started = await start(began);
      const cookies = Object.fromEntries(
        // Browsers keep hosts apart; here the cookie gets to the other all the same.
        Object.entries(jar(started)).map(([name, value]) => [sameKind(name, ends), value]),
      );
      core().calls.length = 0;
      const body = { query: comeBack(core(), started), cookies, ...at(ends) };
      const { body: refused } = await bridge.call('/v1/login/complete', { body });
      expect(refused.code).toMatch(/^login_state_m/);
      expect(core().callsTo('token')).toEqual([]);
    }
  });

  it('hands no session to the browser when sharing is declined, though its cookies have other names there', async () => {
    const { session_handle } = (await signIn(PREVIEW)).body;
    const ask = { attributes: ['address:shipping'], purpose: 'order_delivery', ...at(PREVIEW) };
    const started = await bridge.call('/v1/login/start', { body: ask });
    const { state } = Object.fromEntries(core().callsTo('par').at(-1)?.body ?? []);
    const query = `error=access_denied&state=${state}&iss=${encodeURIComponent(core().issuer)}`;
    const { body } = await bridge.call('/v1/login/complete', {
      body: { query, cookies: jar(started), session_handle, ...at(PREVIEW) },
    });
    expect(body.code).toBe('login_denied');
    expect(body.session_handle).toMatch(/^1\./);
    const names = (body.cookies as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual([expect.stringMatching(/^__Host-userref-login-/)]);
  });

  it('signs out without asking the core to lead back, and the session has ended at every address', async () => {
    const { session_handle: ofSite } = (await signIn()).body;
    const { session_handle } = (await signIn(PREVIEW)).body;
    const { body } = await bridge.call('/v1/logout', { body: { session_handle, ...at(PREVIEW) } });
    expect(new URL(body.logout_url).searchParams.has('post_logout_redirect_uri')).toBe(false);
    expect((await refresh(session_handle, PREVIEW)).body.reason).toBe('session_revoked');
    expect((await refresh(ofSite)).body.reason).toBe('session_revoked');
    core().person.sid = 'the-next-session';
  });

  it('goes on with a login that began a hundred previews ago', async () => {
    const started = await start(PREVIEW);
    for (let count = 0; count < 110; count += 1)
      await refresh('x', `https://b-${count}--shop.preview.example`);
    const body = { query: comeBack(core(), started), cookies: jar(started), ...at(PREVIEW) };
    expect((await bridge.call('/v1/login/complete', { body })).status).toBe(200);
  });
});

describe('a preview is refused', () => {
  it('where the bridge was not told of any, at each call, with what to do; the core is not asked', async () => {
    const strict = await startTestBridge(core());
    core().calls.length = 0;
    for (const { status, body } of await Promise.all(calls(strict, PREVIEW))) {
      expect([status, body.code, body.retryable]).toEqual([403, 'preview_refused', false]);
      expect(body.fix).toContain('USERREF_BRIDGE_PREVIEWS');
    }
    expect((await start(undefined, strict)).status).toBe(200);
    expect(core().calls.map(({ endpoint }) => endpoint)).toEqual(['discovery', 'par']);
    await strict.stop();
  });

  it.each(HOSTILE)('at what has %s', async (_what, address) => {
    const origin = address.endsWith(CALLBACK) ? address.slice(0, -CALLBACK.length) : address;
    core().calls.length = 0;
    for (const { status, body } of await Promise.all(calls(bridge, origin))) {
      expect([status, body.code]).toEqual([403, 'preview_refused']);
      expect(body.detail).not.toContain(origin);
    }
    expect(core().calls).toEqual([]);
  });

  it.each([
    ['is live', { userref_mode: 'live' }],
    ['does not say its mode', { userref_mode: undefined }],
    ['takes no pushed requests', { pushed_authorization_request_endpoint: undefined }],
  ])('by a bridge whose core %s, which is asked nothing more', async (_what, changes) => {
    const known = (await discovery()) as object;
    core().bends.replies.discovery = () => Response.json({ ...known, ...changes });
    const fresh = await startTestBridge(core(), { settings: { USERREF_BRIDGE_PREVIEWS } });
    core().calls.length = 0;
    expect((await start(PREVIEW, fresh)).body.code).toBe('preview_refused');
    expect(core().calls.map(({ endpoint }) => endpoint)).toEqual(['discovery']);
    expect((await start(undefined, fresh)).status).toBe(200);
    await fresh.stop();
  });

  it('by a core that does not know its address, which is named to the site’s developer', async () => {
    core().redirectUris = [`http://localhost:4999${CALLBACK}`];
    const { status, body } = await start(PREVIEW);
    core().redirectUris = null;
    expect([status, body.code]).toEqual([403, 'preview_refused']);
    expect(body.detail).toContain(PREVIEW);
    expect(body.fix).toContain('userref-core sites previews');
  });
});

describe('what PHP may name', () => {
  it.each([
    ...['https://*.preview.example', 'https://*--shop.netlify.app', 'https://pr-*.shop.example'],
    ...['http://*.localhost', 'http://*.localhost:3000'],
  ])('fits %s with one label in place of the star', (pattern) => {
    expect(isPreviewPattern(pattern)).toBe(true);
    expect(fitsPreviewPattern(pattern.replace('*', 'a-1'), pattern)).toBe(true);
    for (const star of ['', '-a', 'a-', 'a.b', 'A', 'a/', 'a@b', '*', 'a\n', 'ä', 'a'.repeat(64)])
      expect(fitsPreviewPattern(pattern.replace('*', star), pattern)).toBe(false);
    expect(fitsPreviewPattern(pattern.replace('*', 'a').replaceAll('.', 'x'), pattern)).toBe(false);
  });

  it.each([
    ...[
      'https://shop.example',
      'https://*',
      'https://*.*.example',
      'https://a.*.example',
      'https://**.example',
    ],
    ...['http://*.shop.example', 'https://*.shop.example/', 'https://*.shop.example:443', 'https://*.0.2.1'],
    ...['https://u@*.shop.example', 'https://xn--*.shop.example', '*.shop.example', 'https://*.Shop.example'],
    ...['http://*.localhost.example', 'https://*.shop..example', 'javascript:*.shop.example'],
  ])('is never as wide as %s', (pattern) => {
    expect(isPreviewPattern(pattern)).toBe(false);
  });

  it('is kept for a hundred previews and no more', () => {
    const environment = { ...environmentFor(core()), USERREF_BRIDGE_PREVIEWS };
    const parts = createParts(readBridgeSettings({ environment }), { onPollFailure: () => undefined });
    const origin = (count: number) => `https://b-${count}--shop.preview.example`;
    const [first, second] = [parts.at(origin(0)), parts.at(origin(1))];
    for (let count = 2; count < 100; count += 1) parts.at(origin(count));
    expect(parts.at(origin(0))).toBe(first);
    parts.at(origin(100));
    expect(parts.at(origin(0))).toBe(first);
    expect(parts.at(origin(1))).not.toBe(second);
    expect(parts.at(undefined)).toBe(parts.own);
  });
});

const discovery = async () => (await fetch(`${core().issuer}/.well-known/openid-configuration`)).json();
const withCallback = (origin: string) => origin + CALLBACK;

/** The name that the same cookie has at the other address. */
function sameKind(name: string, origin: string | undefined): string {
  const [, end = ''] = name.split('-login-');
  return `${origin?.startsWith('https:') ? '__Host-userref' : 'userref_shop-a'}-login-${end}`;
}
