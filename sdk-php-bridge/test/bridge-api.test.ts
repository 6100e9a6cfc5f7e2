import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import type { ServedFakeCore } from '@userref/sdk-core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../src/api/endpoints.ts';
import { openApiDocument } from '../src/index.ts';
import { checkDocumented } from './support/documented-answers.ts';
import {
  BRIDGE_SECRET,
  removeFolders,
  SESSION_SECRET,
  serveCore,
  signIn,
  startTestBridge,
  type TestBridge,
} from './support/test-bridge.ts';

let served: ServedFakeCore;
let bridge: TestBridge;
const core = () => served.core;

beforeAll(async () => {
  served = await serveCore();
  bridge = await startTestBridge(core());
});
afterAll(async () => {
  await bridge.stop();
  await served.stop();
  removeFolders();
});

const SAMPLES: Record<string, object> = {
  startLogin: {},
  completeLogin: { query: '', cookies: {} },
  refreshSession: { session_handle: 'x' },
  fetchAttributes: { session_handle: 'x', names: ['contact:email'], purpose: 'news' },
  sealAttributes: {
    ...{ user_ref: `ppid_${'a'.repeat(26)}`, names: ['contact:email'], purpose: 'news', order_ref: 'o-1' },
    expires_at: '2030-01-01T00:00:00Z',
  },
  unseal: { sealed: 'x', purpose: 'news', order_ref: 'o-1', actor_ref: 'staff-1' },
  verifyWebhook: { headers: {}, body_base64: '' },
  confirmPurge: { event_id: `evt_${'a'.repeat(26)}` },
  logout: {},
};

describe('who may ask', () => {
  it.each(ENDPOINTS.map((endpoint) => [endpoint.operationId, endpoint] as const))(
    '%s needs the secret, on the socket too',
    async (operationId, { path, method }) => {
      const body = method === 'POST' ? SAMPLES[operationId] : undefined;
      for (const authorization of [
        '',
        'Bearer wrong',
        `Basic ${BRIDGE_SECRET}`,
        `Bearer ${BRIDGE_SECRET}x`,
      ]) {
        const answer = await bridge.call(path, { body, headers: { authorization } });
        expect(answer).toMatchObject({ status: 401, body: { code: 'bridge_unauthorized' } });
      }
    },
  );

  it('either of two secrets is good while they are changed', async () => {
    const other = 'another-secret-of-the-bridge-0123456789abcdef01';
    const both = await startTestBridge(core(), {
      settings: { USERREF_BRIDGE_SECRET: `${other},${BRIDGE_SECRET}` },
    });
    for (const secret of [other, BRIDGE_SECRET]) {
      const answer = await both.call('/v1/health', { headers: { authorization: `Bearer ${secret}` } });
      expect(answer.status).toBe(200);
    }
    await both.stop();
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.example', 'localhost:80:80'])(
    'a request for the host "%s" is refused, though it has the secret',
    async (host) => {
      const answer = await bridge.call('/v1/health', { headers: { host } });
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    },
  );

  it('a page of a browser is refused: it names its origin', async () => {
    const answer = await bridge.call('/v1/health', { headers: { origin: 'http://localhost' } });
    expect(answer.status).toBe(403);
  });
});

describe('the shape of requests', () => {
  it.each(
    ENDPOINTS.filter(({ method }) => method === 'POST').map((one) => [one.operationId, one.path] as const),
  )('%s refuses a member that it does not know, and shows no value', async (operationId, path) => {
    const answer = await bridge.call(path, {
      body: { ...SAMPLES[operationId], zzz_unknown: 'Sample Street 1' },
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(JSON.stringify(answer.body) + bridge.log()).not.toContain('Sample Street');
  });

  it.each([
    ['no JSON', { headers: { 'content-type': 'application/json' }, method: 'POST' }, 400],
    ['another type', { body: {}, headers: { 'content-type': 'text/plain' } }, 415],
    ['a list', { body: [] }, 400],
    ['a number for a text', { body: { return_to: 1 } }, 400],
    ['a body of 200 kB', { body: { return_to: 'x'.repeat(200_000) } }, 413],
  ])('%s is refused', async (_name, call, status) => {
    expect((await bridge.call('/v1/login/start', call)).status).toBe(status);
  });

  it('a cookie whose name or value could begin another header is refused', async () => {
    for (const cookies of [{ 'a; b': 'x' }, { a: 'x; session=y' }, { a: 'x\r\nX: y' }]) {
      expect((await bridge.call('/v1/login/start', { body: { cookies } })).status).toBe(400);
    }
  });

  it('an unknown address is a problem document too', async () => {
    const answer = await bridge.call('/v1/nothing');
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('a request keeps its id, and an answer is kept by nobody', async () => {
    const answer = await bridge.call('/v1/health', { headers: { 'x-request-id': 'my-request-1' } });
    expect(answer.headers).toMatchObject({ 'x-request-id': 'my-request-1', 'cache-control': 'no-store' });
    const forged = await bridge.call('/v1/health', { headers: { 'x-request-id': 'a b{"x":1}' } });
    expect(forged.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('attributes', () => {
  let handle: string;
  beforeAll(async () => {
    core().consented = { 'contact:email': 'amber@sample.example' };
    handle = (await signIn(bridge, core())).body.session_handle;
  });
  const ask = (names: string[]) =>
    bridge.call('/v1/attributes', { body: { session_handle: handle, names, purpose: 'newsletter' } });

  it('come live from the cell', async () => {
    expect((await ask(['contact:email'])).body).toEqual({
      attributes: { 'contact:email': 'amber@sample.example' },
    });
  });

  it('that are not shared are named, with the purpose', async () => {
    const answer = await ask(['contact:email', 'address:shipping']);
    expect(answer).toMatchObject({
      status: 403,
      body: { code: 'consent_required', attributes: ['address:shipping'], purpose: 'newsletter' },
    });
  });

  it('are not given for a handle that is not ours', async () => {
    for (const foreign of ['x', `${handle}x`, handle.slice(0, -1)]) {
      const body = { session_handle: foreign, names: ['contact:email'], purpose: 'newsletter' };
      expect((await bridge.call('/v1/attributes', { body })).body.code).toBe('session_invalid');
    }
  });

  it('and secrets turn up in no log', async () => {
    const log = bridge.log();
    expect(log).toContain('consent_required');
    for (const value of ['amber@sample', handle, BRIDGE_SECRET, SESSION_SECRET, core().siteSecret]) {
      expect(log.includes(value)).toBe(false);
    }
  });

  it('are sealed for an order and opened for it, with a line in the log of who did', async () => {
    const order = { names: ['contact:email'], purpose: 'newsletter', order_ref: 'order-1' };
    const expires_at = new Date(Date.now() + 86_400_000).toISOString();
    const sealed = await bridge.call('/v1/attributes/seal', {
      body: { ...order, user_ref: core().person.userRef, expires_at },
    });
    expect(sealed.status).toBe(200);
    const envelope = { sealed: sealed.body.sealed, purpose: 'newsletter', actor_ref: 'staff-7' };
    const opened = await bridge.call('/v1/attributes/unseal', {
      body: { ...envelope, order_ref: 'order-1' },
    });
    expect(opened.body).toEqual({ attributes: { 'contact:email': 'amber@sample.example' } });
    expect(bridge.log()).toMatch(/"actor_ref":"staff-7","order_ref":"order-1".*envelope opened/);
    const other = await bridge.call('/v1/attributes/unseal', { body: { ...envelope, order_ref: 'order-2' } });
    expect(other.body.code).toBe('sealed_mismatch');
  });

  it('are opened so many times a minute and no more', async () => {
    const slow = await startTestBridge(core(), { settings: { USERREF_BRIDGE_UNSEAL_PER_MINUTE: '2' } });
    const codes: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const answer = await slow.call('/v1/attributes/unseal', { body: SAMPLES['unseal'] });
      codes.push(answer.body.code);
    }
    await slow.stop();
    expect(codes).toEqual(['sealed_invalid', 'sealed_invalid', 'rate_limited']);
  });
});

describe('sessions and webhooks', () => {
  it('a session goes on with a new first secret, and is sealed with it at the next refresh', async () => {
    const { body } = await signIn(bridge, core());
    const secret = 'the-new-secret-of-the-sessions-0123456789abcdef';
    const settings = { USERREF_SESSION_SECRET: `${secret},${SESSION_SECRET}` };
    const rotating = await startTestBridge(core(), { settings });
    const refreshed = await rotating.call('/v1/session/refresh', {
      body: { session_handle: body.session_handle },
    });
    expect(refreshed.body).toMatchObject({ active: true, session: { user_ref: core().person.userRef } });
    await rotating.stop();
    const rotated = await startTestBridge(core(), { settings: { USERREF_SESSION_SECRET: secret } });
    const again = (session_handle: string) =>
      rotated.call('/v1/session/refresh', { body: { session_handle } });
    expect((await again(refreshed.body.session_handle)).body.active).toBe(true);
    expect((await again(body.session_handle)).body).toEqual({ active: false, reason: 'session_invalid' });
    await rotated.stop();
  });

  it('signing out gives the core’s address and ends the handle', async () => {
    const { body } = await signIn(bridge, core());
    const given = { body: { session_handle: body.session_handle } };
    const { body: out } = await bridge.call('/v1/logout', given);
    expect(out.logout_url).toMatch(new RegExp(`^${core().issuer}/session/end\\?`));
    expect((await bridge.call('/v1/session/refresh', given)).body).toEqual({
      active: false,
      reason: 'session_revoked',
    });
    core().person.sid = `sid-${Date.now()}`;
  });

  it('a webhook is verified by its exact bytes, with headers in any case and as lists', async () => {
    const { headers, body } = await core().webhook({ type: 'endpoint.test', data: {} });
    const given = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]),
    );
    const verify = (text: string, from: object) =>
      bridge.call('/v1/webhook/verify', {
        body: { headers: from, body_base64: Buffer.from(text).toString('base64') },
      });
    expect((await verify(body, given)).body.event).toMatchObject({ type: 'endpoint.test' });
    expect((await verify(`${body} `, given)).body.code).toBe('webhook_signature_invalid');
    expect((await verify(body, { ...given, 'WEBHOOK-ID': ['a', 'b'] })).body.code).toBe(
      'webhook_headers_missing',
    );
  });

  it('a purge is confirmed to the core', async () => {
    const { headers } = await core().webhook({ type: 'endpoint.test', data: {} });
    const eventId = headers['webhook-id'] as string;
    expect((await bridge.call('/v1/webhook/confirm-purge', { body: { event_id: eventId } })).status).toBe(
      200,
    );
    expect(core().events.acknowledged).toContain(eventId);
  });
});

describe('the OpenAPI document', () => {
  it('is served, and is the one in generated/openapi.json (userref-php-bridge openapi)', async () => {
    const file = join(import.meta.dirname, '..', 'generated', 'openapi.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(openApiDocument());
    expect((await bridge.call('/v1/openapi.json')).body).toEqual(openApiDocument());
  });

  it('describes every call, and nothing else', () => {
    const { paths } = openApiDocument() as { paths: Record<string, object> };
    expect(Object.keys(paths).sort()).toEqual(ENDPOINTS.map(({ path }) => path).sort());
  });

  it('has nothing that a linter of such documents minds, but that it is for this machine', async () => {
    const config = await createConfig({ extends: ['recommended-strict'] });
    const found = await lintFromString({ source: JSON.stringify(openApiDocument()), config });
    expect(found.map(({ ruleId }) => ruleId)).toEqual(['no-server-example.com']);
  });

  it('says of answers what they are, and a test that gets another one fails', async () => {
    const answer = await bridge.call('/v1/health');
    const contentType = String(answer.headers['content-type']);
    const given = { method: 'GET', path: '/v1/health', status: 200, contentType, body: answer.body };
    expect(() => checkDocumented(given)).not.toThrow();
    for (const other of [
      { status: 418 },
      { contentType: 'text/html' },
      { body: { ...answer.body, surplus: 1 } },
      { body: {} },
    ]) {
      expect(() => checkDocumented({ ...given, ...other })).toThrow('/v1/health answered');
    }
  });
});
