import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealedRoutes } from '../../src/cell/sealed-attributes/sealed-routes.ts';
import { createHttpServer } from '../../src/http/http-server.ts';
import { newUserRef } from '../../src/ids/random-ids.ts';
import { createLogger } from '../../src/observability/logger.ts';
import {
  ADDRESS,
  AUDIENCE,
  type CellFixture,
  createCellFixture,
  issueToken,
  PURPOSE,
  TENANT,
} from '../support/cell-fixture.ts';
import { addCustomer, allowSealing, type Customer, DAY_MS } from '../support/sealed-fixture.ts';

let fixture: CellFixture;
let app: FastifyInstance;
let customer: Customer;
let foreign: string;
const logged: string[] = [];
const expires_at = new Date(Date.now() + DAY_MS).toISOString();
const body = {
  names: ['address:shipping'],
  purpose: PURPOSE,
  order_ref: 'order-canary-1',
  window: { expires_at },
};

beforeAll(async () => {
  fixture = await createCellFixture();
  await allowSealing(fixture, 'shop-a', 'shop-b');
  customer = await addCustomer(fixture);
  foreign = await issueToken(fixture.admin, { siteId: 'shop-b' });
  const stream = { write: (line: string) => void logged.push(line) };
  const logger = createLogger({ level: 'trace', stream: stream as never });
  app = createHttpServer({ logger, component: 'cell' });
  await app.register(sealedRoutes, { release: fixture.release, tenantId: TENANT, resource: AUDIENCE });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await fixture.drop();
});

const post = (url: string, payload: unknown, token: string | undefined = customer.accessToken) =>
  app.inject({
    ...{ method: 'POST', url, payload: payload as never },
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
const seal = (payload: unknown = body, ref = customer.userRef, token?: string) =>
  post(`/v1/users/${ref}/sealed-attributes`, payload, token);
const unseal = async (wish: object = {}, token?: string) => {
  const { sealed } = (await seal()).json();
  return post('/v1/unseal', { sealed, purpose: PURPOSE, order_ref: body.order_ref, ...wish }, token);
};

describe('POST /v1/users/{user_ref}/sealed-attributes', () => {
  it('answers with the envelope and what it is good for, and no value', async () => {
    const response = await seal();
    expect(response.statusCode).toBe(201);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.json()).toEqual({
      sealed: expect.stringMatching(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/),
      ...{ attributes: body.names, purpose: PURPOSE, order_ref: body.order_ref, expires_at },
      not_before: expect.stringMatching(/Z$/),
    });
    expect(response.body).not.toContain('Canary Street');
  });

  it.each([
    ['no order reference', { ...body, order_ref: undefined }],
    ['an order reference that looks like an address', { ...body, order_ref: 'amber@example.com' }],
    ['an order reference of 129 characters', { ...body, order_ref: 'x'.repeat(129) }],
    ['no window', { ...body, window: undefined }],
    ['a window without an end', { ...body, window: {} }],
    ['a window that is over', { ...body, window: { expires_at: '2020-01-01T00:00:00Z' } }],
    [
      'a window that ends before it begins',
      { ...body, window: { not_before: '2199-01-01T00:00:00Z', expires_at } },
    ],
    [
      'a window of years',
      { ...body, window: { expires_at: new Date(Date.now() + 401 * DAY_MS).toISOString() } },
    ],
    ['a time without a zone', { ...body, window: { expires_at: '2199-01-01T00:00:00' } }],
    ['a time that is none', { ...body, window: { expires_at: '2199-13-01T00:00:00Z' } }],
    ['a further member', { ...body, format: 'jwt' }],
    ['a further member of the window', { ...body, window: { expires_at, grace: 1 } }],
    ['a name twice', { ...body, names: ['address:shipping', 'address:shipping'] }],
    ['no names', { ...body, names: [] }],
    ['nothing', null],
    ['a list', []],
  ])('refuses %s', async (_what, payload) => {
    const response = await seal(payload);
    expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_request']);
  });

  it('refuses an unknown attribute and a missing purpose by their own codes', async () => {
    expect((await seal({ ...body, names: ['profile:shoe_size'] })).json().code).toBe('unknown_attribute');
    expect((await seal({ ...body, purpose: undefined })).json().code).toBe('purpose_required');
  });

  it('answers alike for a foreign, an unknown and a malformed user_ref', async () => {
    const problems = [];
    for (const ref of [customer.userRef, newUserRef(), 'x', '%00']) {
      const response = await seal(body, ref, foreign);
      const { request_id: _id, ...problem } = response.json();
      problems.push([response.statusCode, problem]);
    }
    for (const one of problems) expect(one).toEqual([404, expect.objectContaining({ code: 'not_found' })]);
    for (const one of problems) expect(one).toEqual(problems[0]);
  });
});

describe('POST /v1/unseal', () => {
  it('answers with the values, and forbids to keep the answer', async () => {
    const response = await unseal();
    expect([response.statusCode, response.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(response.json()).toEqual({
      ...{ purpose: PURPOSE, order_ref: body.order_ref },
      attributes: { 'address:shipping': ADDRESS },
    });
  });

  it.each([
    ['another order', { order_ref: 'order-2' }, 403, 'sealed_mismatch'],
    ['another purpose', { purpose: 'marketing' }, 403, 'sealed_mismatch'],
    ['no purpose', { purpose: undefined }, 400, 'purpose_required'],
    ['a purpose that cannot be', { purpose: 'No Such' }, 400, 'unknown_purpose'],
    ['no envelope', { sealed: undefined }, 400, 'invalid_request'],
    ['something else', { sealed: 'a.b.c.d.e' }, 400, 'sealed_invalid'],
    ['a further member', { user_ref: 'x' }, 400, 'invalid_request'],
    ['an order reference with a space', { order_ref: 'a b' }, 400, 'invalid_request'],
    ['more than an envelope can be', { sealed: 'x'.repeat(100_000) }, 413, 'payload_too_large'],
  ])('with %s gets its code', async (_what, wish, status, code) => {
    const response = await unseal(wish);
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
  });

  it('answers a foreign site as it answers for an envelope that never was', async () => {
    const known = await unseal({}, foreign);
    const { sealed } = (await seal()).json() as { sealed: string };
    const parts = sealed.split('.');
    const header = { alg: 'dir', enc: 'A256GCM', typ: 'userref-sealed+jwe', kid: `sea_${'b'.repeat(26)}` };
    parts[0] = Buffer.from(JSON.stringify(header)).toString('base64url');
    const unknown = await unseal({ sealed: parts.join('.') }, foreign);
    const texts = [known, unknown].map((one) => {
      const { request_id: _id, ...problem } = one.json();
      const { date: _date, ...headers } = one.headers;
      return [one.statusCode, problem, headers];
    });
    expect(texts[0]?.[0]).toBe(404);
    expect(texts[0]).toEqual(texts[1]);
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)(
    'does not take %s',
    async (method) => {
      for (const url of ['/v1/unseal', `/v1/users/${customer.userRef}/sealed-attributes`]) {
        const response = await app.inject({ method, url });
        expect([response.statusCode, response.headers.allow]).toEqual([405, 'POST']);
      }
    },
  );

  it('needs a token, and says where to get one', async () => {
    for (const url of ['/v1/unseal', `/v1/users/${customer.userRef}/sealed-attributes`]) {
      const response = await app.inject({ method: 'POST', url, payload: {} });
      expect(response.statusCode).toBe(401);
      expect(response.headers['www-authenticate']).toContain('resource_metadata=');
    }
  });

  it('has written neither envelope, token, value nor order reference into the log by now', () => {
    const log = logged.join('');
    expect(log).toContain('/v1/unseal');
    for (const secret of ['Canary Street', 'order-canary', customer.accessToken, customer.userRef, 'eyJ'])
      expect(log).not.toContain(secret);
  });
});
