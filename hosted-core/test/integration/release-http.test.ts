import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributeRoutes } from '../../src/cell/attributes/attribute-routes.ts';
import { ATTRIBUTE_CATALOGUE } from '../../src/contract/generated.ts';
import { createHttpServer } from '../../src/http/http-server.ts';
import { newUserRef } from '../../src/ids/random-ids.ts';
import { createLogger } from '../../src/observability/logger.ts';
import {
  AUDIENCE,
  addConsent,
  addPerson,
  type CellFixture,
  connect,
  createCellFixture,
  issueToken,
  store,
  TENANT,
} from '../support/cell-fixture.ts';

let fixture: CellFixture;
let app: FastifyInstance;
let bearer: { authorization: string };
let siteBearer: { authorization: string };
let foreignBearer: { authorization: string };
let userRef: string;
let consentId: string;
const logged: string[] = [];
const path = '/v1/attributes?names=address:shipping&purpose=order_delivery';
const address = { street_address: 'Canary Street 1', locality: 'Tartu', country: 'EE' };
const body = { names: ['address:shipping'], purpose: 'order_delivery' };
const metadata = `resource_metadata="${AUDIENCE}/.well-known/oauth-protected-resource"`;

beforeAll(async () => {
  fixture = await createCellFixture();
  const person = await addPerson(fixture.admin);
  userRef = await connect(fixture.admin, person, 'shop-a');
  const token = async (siteId: string, subjectId?: string) => ({
    authorization: `Bearer ${await issueToken(fixture.admin, { siteId, ...(subjectId && { subjectId }) })}`,
  });
  bearer = await token('shop-a', person);
  siteBearer = await token('shop-a');
  foreignBearer = await token('shop-b');
  await store(fixture, person, { 'address:shipping': address });
  consentId = await addConsent(fixture.admin, { subjectId: person, attribute: 'address:shipping' });
  await addConsent(fixture.admin, { subjectId: person, attribute: 'contact:phone', state: 'denied' });
  await addConsent(fixture.admin, { subjectId: person, attribute: 'contact:email', siteId: 'shop-b' });
  const stream = { write: (line: string) => void logged.push(line) };
  app = createHttpServer({
    logger: createLogger({ level: 'trace', stream: stream as never }),
    component: 'cell',
  });
  await app.register(attributeRoutes, {
    release: fixture.release,
    database: fixture.cell,
    tenantId: TENANT,
    issuer: 'http://core.test',
    resource: AUDIENCE,
    scopes: () => ATTRIBUTE_CATALOGUE.map((one) => one.name),
  });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await fixture.drop();
});

describe('GET /v1/attributes', () => {
  it('answers with the values and the purpose, and forbids to keep the answer', async () => {
    const response = await app.inject({ url: path, headers: bearer });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      attributes: { 'address:shipping': address },
      purpose: 'order_delivery',
    });
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it('names what is missing, as a problem document', async () => {
    const response = await app.inject({
      url: path.replace('names=', 'names=contact:email,'),
      headers: bearer,
    });
    expect(response.statusCode).toBe(403);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({
      code: 'consent_required',
      attributes: ['contact:email'],
      purpose: 'order_delivery',
      retryable: false,
      consent_url:
        'http://shop.test/userref/login?from=cell&iss=http%3A%2F%2Fcore.test&attributes=contact%3Aemail&purpose=order_delivery',
    });
  });

  it.each([
    ['names=address:shipping', 400, 'purpose_required'],
    ['names=address:shipping&purpose=', 400, 'purpose_required'],
    ['names=address:shipping&purpose=No%20Such%00', 400, 'unknown_purpose'],
    ['purpose=order_delivery', 400, 'invalid_request'],
    ['names=&purpose=order_delivery', 400, 'invalid_request'],
    ['names=address:shipping,&purpose=order_delivery', 400, 'invalid_request'],
    ['names=address:shipping,address:shipping&purpose=order_delivery', 400, 'invalid_request'],
    ['names=address:shipping&names=contact:email&purpose=order_delivery', 400, 'invalid_request'],
    ['names=address:shipping&purpose=order_delivery&purpose=other', 400, 'invalid_request'],
    ['names=address:shipping&purpose=order_delivery&fields=*', 400, 'invalid_request'],
    ['names=address:shipping&purpose=order_delivery&access_token=x', 400, 'invalid_request'],
    ['names=address:shipping&purpose=order_delivery&__proto__=x', 400, 'invalid_request'],
    [`names=${'a,'.repeat(40)}a&purpose=order_delivery`, 400, 'invalid_request'],
    ['names=profile:shoe_size&purpose=order_delivery', 400, 'unknown_attribute'],
    ['names=*&purpose=order_delivery', 400, 'unknown_attribute'],
    ['names=__proto__&purpose=order_delivery', 400, 'unknown_attribute'],
  ])('?%s gets %i %s', async (query, status, code) => {
    const response = await app.inject({ url: `/v1/attributes?${query}`, headers: bearer });
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
  });

  it('without any token says where to read how to get one, and names no error', async () => {
    const response = await app.inject({ url: path });
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toBe(`Bearer ${metadata}`);
  });

  it.each([
    'Bearer unknown',
    'Bearer',
    'Basic eDp5',
    'Bearer a b',
    'Bearer a,b',
    `Bearer ${'a'.repeat(2_000)}`,
  ])('with the header «%.20s» gets 401 invalid_token', async (authorization) => {
    const response = await app.inject({ url: path, headers: { authorization } });
    expect([response.statusCode, response.json().code]).toEqual([401, 'invalid_token']);
    expect(response.headers['www-authenticate']).toBe(`Bearer error="invalid_token", ${metadata}`);
  });

  it('takes no token from the address', async () => {
    const token = bearer.authorization.slice('Bearer '.length);
    const response = await app.inject({ url: `${path}&access_token=${token}` });
    expect(response.statusCode).toBe(401);
  });

  it.each(['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)(
    'does not take %s',
    async (method) => {
      const response = await app.inject({ method, url: path, headers: bearer });
      expect(response.statusCode).toBe(405);
      expect(response.headers.allow).toBe('GET');
    },
  );
});

describe('POST /v1/users/{user_ref}/attributes', () => {
  const post = (ref: string, headers: { authorization: string }, payload: unknown = body) =>
    app.inject({ method: 'POST', url: `/v1/users/${ref}/attributes`, headers, payload: payload as never });

  it('answers the site itself, for its own user_ref', async () => {
    const response = await post(userRef, siteBearer);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      attributes: { 'address:shipping': address },
      purpose: 'order_delivery',
    });
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it('answers alike for a foreign, an unknown and a malformed user_ref', async () => {
    const refs = [userRef, newUserRef(), 'x', '%00', userRef.toUpperCase(), encodeURIComponent("' or 1=1--")];
    const problems = [];
    for (const ref of refs) {
      const response = await post(ref, foreignBearer);
      expect(response.statusCode).toBe(404);
      const { request_id: _id, ...problem } = response.json();
      const { date: _date, ...headers } = response.headers;
      problems.push({ problem, headers });
    }
    for (const one of problems) expect(one).toEqual(problems[0]);
  });

  it('does not take the token of a person', async () => {
    expect((await post(userRef, bearer)).statusCode).toBe(401);
  });

  it.each([
    ['a list', [], 400],
    ['nothing', null, 400],
    ['names that are no list', { names: 'address:shipping', purpose: 'order_delivery' }, 400],
    ['names that are no strings', { names: [1], purpose: 'order_delivery' }, 400],
    ['a further member', { ...body, access_token: 'x' }, 400],
    ['no purpose', { names: body.names }, 400],
    ['more than 32 names', { ...body, names: Array.from({ length: 33 }, (_, index) => `a:${index}`) }, 400],
    ['more than 64 KiB', { ...body, purpose: 'x'.repeat(70_000) }, 413],
  ])('refuses %s', async (_what, payload, status) => {
    expect((await post(userRef, siteBearer, payload)).statusCode).toBe(status);
  });

  it.each([
    [
      'prototype pollution',
      '{"names":["address:shipping"],"purpose":"order_delivery","__proto__":{"a":1}}',
      'application/json',
      400,
    ],
    ['broken JSON', '{', 'application/json', 400],
    ['a form', 'names=address:shipping', 'application/x-www-form-urlencoded', 415],
  ])('refuses %s', async (_what, payload, type, status) => {
    const headers = { ...siteBearer, 'content-type': type };
    const response = await app.inject({
      method: 'POST',
      url: `/v1/users/${userRef}/attributes`,
      headers,
      payload,
    });
    expect(response.statusCode).toBe(status);
  });
});

describe('GET /v1/users/{user_ref}/consents', () => {
  it('lists what this site was granted, and neither refusals nor other sites', async () => {
    const response = await app.inject({ url: `/v1/users/${userRef}/consents`, headers: siteBearer });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      consents: [
        {
          consent_id: consentId,
          attribute: 'address:shipping',
          purpose: 'order_delivery',
          purpose_version: 1,
          state: 'granted',
          decided_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          expires_at: expect.stringMatching(/Z$/),
          withdrawn_at: null,
        },
      ],
    });
  });

  it('answers alike for a foreign and an unknown user_ref', async () => {
    for (const ref of [userRef, newUserRef()]) {
      const response = await app.inject({ url: `/v1/users/${ref}/consents`, headers: foreignBearer });
      expect([response.statusCode, response.json().code]).toEqual([404, 'not_found']);
    }
  });

  it('needs a live token of the site', async () => {
    for (const headers of [bearer, { authorization: 'Bearer unknown' }, {}]) {
      const response = await app.inject({ url: `/v1/users/${userRef}/consents`, headers });
      expect([response.statusCode, response.json().code]).toEqual([401, 'invalid_token']);
    }
  });
});

describe('the cell', () => {
  it('says where its tokens come from (RFC 9728)', async () => {
    const response = await app.inject({ url: '/.well-known/oauth-protected-resource' });
    expect(response.json()).toEqual({
      resource: AUDIENCE,
      authorization_servers: ['http://core.test'],
      scopes_supported: ATTRIBUTE_CATALOGUE.map((one) => one.name),
      bearer_methods_supported: ['header'],
    });
  });

  it('has written neither token, nor value, nor user_ref into its log by now', () => {
    const log = logged.join('');
    expect(log).toContain('/v1/attributes');
    for (const secret of [
      'Canary Street',
      bearer.authorization.slice(7),
      siteBearer.authorization.slice(7),
      userRef,
    ]) {
      expect(log).not.toContain(secret);
    }
  });
});
