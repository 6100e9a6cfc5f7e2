import type { ServedFakeCore } from '@userref/sdk-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  comeBack,
  jar,
  removeFolders,
  serveCore,
  signIn,
  startTestBridge,
  type TestBridge,
} from './support/test-bridge.ts';

describe('a login over the bridge', () => {
  let served: ServedFakeCore;
  let bridge: TestBridge;
  const core = () => served.core;
  const start = (body: object = {}) => bridge.call('/v1/login/start', { body });
  const complete = (body: object) => bridge.call('/v1/login/complete', { body });

  beforeEach(async () => {
    served = await serveCore();
    bridge = await startTestBridge(core());
  });
  afterEach(async () => {
    await bridge.stop();
    await served.stop();
    removeFolders();
  });

  it('ends with a session that PHP keeps and goes on where it began', async () => {
    const finished = await signIn(bridge, core(), { return_to: '/basket?step=2' });
    expect(finished).toMatchObject({ status: 200, body: { return_to: '/basket?step=2' } });
    expect(finished.body.session).toMatchObject({ user_ref: core().person.userRef, sid: core().person.sid });
    expect(finished.body.session_handle).toMatch(/^1\./);
    expect(finished.body.cookies).toEqual([expect.objectContaining({ value: '', max_age: 0 })]);
  });

  it('gives the browser no token and no session: only a sealed cookie for the login itself', async () => {
    const started = await start();
    const finished = await complete({ query: comeBack(core(), started), cookies: jar(started) });
    const toBrowser = JSON.stringify([started.body, finished.body.cookies, finished.body.session]);
    expect(toBrowser).not.toContain(finished.body.session_handle);
    expect(JSON.stringify(finished.body)).not.toContain('at_');
    for (const { value } of started.body.cookies) expect(value.length).toBeLessThan(1000);
  });

  it('survives a restart of the bridge in the middle', async () => {
    const started = await start();
    await bridge.stop();
    bridge = await startTestBridge(core());
    const finished = await complete({ query: comeBack(core(), started), cookies: jar(started) });
    expect(finished.status).toBe(200);
  });

  it('may begin at one bridge and end at another', async () => {
    const other = await startTestBridge(core());
    const started = await other.call('/v1/login/start', { body: {} });
    await other.stop();
    const finished = await complete({ query: comeBack(core(), started), cookies: jar(started) });
    expect(finished.status).toBe(200);
  });

  it('goes on in two tabs at once, whichever ends first', async () => {
    const [one, other] = [await start({ return_to: '/one' }), await start({ return_to: '/other' })] as [
      Answer,
      Answer,
    ];
    const cookies = jar(one, other);
    const second = await complete({ query: comeBack(core(), other), cookies });
    const first = await complete({ query: comeBack(core(), one), cookies });
    expect([first.body.return_to, second.body.return_to]).toEqual(['/one', '/other']);
  });

  it('keeps five logins open and drops the oldest', async () => {
    let cookies: Record<string, string> = {};
    for (let count = 0; count < 8; count += 1) {
      const started = await start({ cookies });
      cookies = { ...cookies, ...jar(started) };
      for (const { name, value } of started.body.cookies) if (value === '') delete cookies[name];
    }
    expect(Object.keys(cookies)).toHaveLength(5);
  });

  it('tells a lost cookie, a foreign one, a late and a replayed one apart, each with a page to read', async () => {
    const started = await start();
    const query = comeBack(core(), started);
    const stranger = jar(await start());
    const lost = await complete({ query, cookies: {} });
    const foreign = await complete({ query, cookies: stranger });
    expect([lost.body.code, foreign.body.code]).toEqual(['login_state_missing', 'login_state_mismatch']);
    expect(lost.body.type).toBe('https://userref.dev/errors/login_state_missing');
    expect(core().callsTo('token')).toHaveLength(0);

    expect((await complete({ query, cookies: jar(started) })).status).toBe(200);
    const replayed = await complete({ query, cookies: jar(started) });
    expect(replayed.body).toMatchObject({ code: 'token_exchange_failed', return_to: '/' });
  });

  it.each(['', 'state=', 'code=x', 'state=&code=x', 'state=a&state=b&code=x'])(
    'refuses the query "%s", with and without a cookie',
    async (query) => {
      const cookies = jar(await start());
      for (const given of [{}, cookies]) {
        const answer = await complete({ query, cookies: given });
        expect(answer.status).toBe(400);
        expect(answer.body.code).toMatch(/^login_state_(missing|mismatch)$/);
      }
      expect(core().callsTo('token')).toHaveLength(0);
    },
  );

  it('that took an hour says so and where to begin again', async () => {
    const started = await start({ return_to: '/basket' });
    const query = comeBack(core(), started);
    await bridge.stop();
    const later = () => new Date(Date.now() + 3_700_000);
    bridge = await startTestBridge(core(), { clock: later });
    const late = await complete({ query, cookies: jar(started) });
    expect(late.body).toMatchObject({ code: 'login_expired', return_to: '/basket' });
    expect(late.body.cookies).toEqual([expect.objectContaining({ max_age: 0 })]);
  });

  it('works while somebody thinks about it for fifty minutes', async () => {
    const started = await start();
    const query = comeBack(core(), started);
    await bridge.stop();
    const clock = () => new Date(Date.now() - 3_000_000);
    bridge = await startTestBridge(core(), { clock });
    const restarted = await start();
    await bridge.stop();
    bridge = await startTestBridge(core());
    expect((await complete({ query, cookies: jar(started) })).status).toBe(200);
    expect((await complete({ query: comeBack(core(), restarted), cookies: jar(restarted) })).status).toBe(
      200,
    );
  });

  it.each([-59, 59])('works with a clock that is %i seconds off', async (seconds) => {
    await bridge.stop();
    bridge = await startTestBridge(core(), { clock: () => new Date(Date.now() + seconds * 1000) });
    expect((await signIn(bridge, core())).status).toBe(200);
    const { body } = await bridge.call('/v1/health');
    expect(Math.abs(body.clock_offset_ms)).toBeLessThan(20_000);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/%2f/evil.example',
  ])('does not come back to %s', async (returnTo) => {
    const answer = await start({ return_to: returnTo });
    expect(answer).toMatchObject({ status: 400, body: { code: 'return_to_rejected' } });
  });

  it('comes back to the configured address, whatever headers say', async () => {
    const headers = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      forwarded: 'host=evil.example',
    };
    await bridge.call('/v1/login/start', { body: {}, headers });
    expect(core().callsTo('par')[0]?.body.get('redirect_uri')).toBe('http://localhost:4999/userref/callback');
  });

  it('keeps what travels in addresses short: a state of at most 64 characters', async () => {
    await start();
    const state = core().callsTo('par')[0]?.body.get('state') ?? '';
    expect(state.length).toBeGreaterThanOrEqual(32);
    expect(state.length).toBeLessThanOrEqual(64);
  });

  it('remembers in the session that a visitor was asked and said no', async () => {
    const { body: before } = await signIn(bridge, core());
    const started = await start({ attributes: ['contact:email'], purpose: 'newsletter' });
    const state = new URLSearchParams(comeBack(core(), started)).get('state') ?? '';
    const query = new URLSearchParams({ error: 'access_denied', state, iss: core().issuer }).toString();
    const denied = await complete({ query, cookies: jar(started), session_handle: before.session_handle });
    expect(denied).toMatchObject({ status: 403, body: { code: 'login_denied', return_to: '/' } });
    const body = { session_handle: denied.body.session_handle };
    const { body: after } = await bridge.call('/v1/session/refresh', { body });
    expect(Object.keys(after.session.asked_purposes)).toEqual(['newsletter']);
  });

  it('says that the core hangs', async () => {
    await signIn(bridge, core());
    core().bends.replies.par = () => new Response(new ReadableStream());
    const answer = await start();
    expect(answer).toMatchObject({ status: 503, body: { code: 'network_failed', retryable: true } });
  });

  it('says at once that the core is away', async () => {
    await served.stop();
    expect(await start()).toMatchObject({ status: 503, body: { retryable: true } });
    served = await serveCore();
  });
});
