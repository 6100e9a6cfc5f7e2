import type { ServedFakeCore } from '@userref/sdk-core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  comeBack,
  jar,
  removeFolders,
  serveCore,
  signIn,
  startTestBridge,
  type TestBridge,
} from './support/test-bridge.ts';

let served: ServedFakeCore;
let bridge: TestBridge;
let handle: string;

beforeAll(async () => {
  served = await serveCore();
  bridge = await startTestBridge(served.core);
  handle = (await signIn(bridge, served.core)).body.session_handle;
});
beforeEach(() => {
  served.core.bends = { replies: {} };
});
afterAll(async () => {
  await bridge.stop();
  await served.stop();
  removeFolders();
});

const problem = (status: number, code: string) => () =>
  new Response(JSON.stringify({ code }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });

function fetchAttributes() {
  return bridge.call('/v1/attributes', {
    body: { session_handle: handle, names: ['profile:name'], purpose: 'news' },
  });
}

function seal(asked = bridge) {
  const order = { order_ref: 'o-1', expires_at: new Date(Date.now() + 86_400_000).toISOString() };
  const what = { user_ref: served.core.person.userRef, names: ['profile:name'], purpose: 'news' };
  return asked.call('/v1/attributes/seal', { body: { ...what, ...order } });
}

/** `call` fails for an answer that is not in the document. */
describe('the document knows what is answered', () => {
  it.each([
    ['rate_limited', 429, 429],
    ['insufficient_user_authentication', 403, 403],
    ['service_unavailable', 503, 503],
    ['purpose_required', 400, 400],
    ['something_new', 500, 502],
  ])('when the cell says %s', async (code, status, answered) => {
    served.core.bends.replies = { attributes: problem(status, code), seal: problem(status, code) };
    expect([(await fetchAttributes()).status, (await seal()).status]).toEqual([answered, answered]);
  });

  it('when the core gives the site no token', async () => {
    const own = await startTestBridge(served.core);
    served.core.bends.replies = { token: problem(401, 'invalid_client') };
    const { status, body } = await seal(own);
    expect([status, body.code]).toEqual([502, 'token_exchange_failed']);
    await own.stop();
  });

  it('when the passport of a login is refused', async () => {
    const started = await bridge.call('/v1/login/start', { body: {} });
    served.core.bends.claims = { aud: 'another-site' };
    const body = { query: comeBack(served.core, started), cookies: jar(started) };
    const answer = await bridge.call('/v1/login/complete', { body });
    expect(answer.status).toBe(502);
  });

  it('when nobody told the bridge how webhooks are signed', async () => {
    const own = await startTestBridge(served.core, { settings: { USERREF_WEBHOOK_SECRET: '' } });
    const answer = await own.call('/v1/webhook/verify', { body: { headers: {}, body_base64: '' } });
    expect([answer.status, answer.body.code]).toEqual([500, 'config_invalid']);
    await own.stop();
  });
});
