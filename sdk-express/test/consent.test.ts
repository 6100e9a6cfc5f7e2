import { problem } from '@userref/sdk-core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { CookieJar } from '../../sdk-core/test/support/cookie-jar.ts';
import { useShop } from './support/shop.ts';

const shop = useShop();
const { core } = shop;
const API = { accept: 'application/json' };
const address = { street_address: '1 Canary Lane', locality: 'Sampletown', country: 'EE' };

/** Follows a redirect to the core; the person decides there, and the browser comes back. */
async function decide(
  response: Response,
  jar: CookieJar,
  granted: Record<string, unknown>,
): Promise<Response> {
  Object.assign(core.consented, granted);
  const back = core.signIn(response.headers.get('location') ?? '');
  return shop.visit(back.pathname + back.search, { jar });
}

let jar: CookieJar;
beforeEach(async () => {
  jar = await shop.signIn();
  core.calls.length = 0;
});

describe('a page that needs consent', () => {
  it('asks for what it needs and what it would like, and shows what was granted', async () => {
    const asked = await shop.visit('/order', { jar });
    expect(asked.status).toBe(303);
    expect(Object.fromEntries(core.callsTo('par')[0]?.body ?? [])).toMatchObject({
      scope: 'openid address:shipping contact:email',
      purpose: 'order_delivery',
      prompt: 'consent',
    });
    const back = await decide(asked, jar, { 'address:shipping': address });
    expect(back.headers.get('location')).toBe('/order');
    const order = await shop.visit('/order', { jar });
    expect(await order.json()).toEqual({ address, logged: { 'address:shipping': '[redacted]' } });
  });

  it('refuses the attribute that was not granted, with its name', async () => {
    await decide(await shop.visit('/order', { jar }), jar, { 'address:shipping': address });
    const response = await shop.visit('/email', { jar, headers: API });
    expect([response.status, await response.json()]).toEqual([
      403,
      expect.objectContaining({
        code: 'consent_required',
        attributes: ['contact:email'],
        purpose: 'order_delivery',
        consent_url: `${shop.url}/userref/login?attributes=contact%3Aemail&purpose=order_delivery&return_to=%2Femail`,
      }),
    ]);
  });

  it('asks once in a visit: after a "no" it is 403, with a link for those who change their mind', async () => {
    await decide(await shop.visit('/order', { jar }), jar, {});
    core.calls.length = 0;
    const response = await shop.visit('/order', { jar });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain(
      'href="/userref/login?attributes=address%3Ashipping&amp;purpose=order_delivery&amp;return_to=%2Forder"',
    );
    expect(core.calls).toHaveLength(0);
  });

  it('asks once in a visit also when the person went back without deciding', async () => {
    const asked = await shop.visit('/order', { jar });
    const back = core.signIn(asked.headers.get('location') ?? '');
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    const response = await shop.visit(back.pathname + back.search, { jar });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/order']);
    expect((await shop.visit('/order', { jar })).status).toBe(403);
  });

  it('signs in and asks in one go', async () => {
    const stranger = new CookieJar();
    const asked = await shop.visit('/order', { jar: stranger });
    expect(core.callsTo('par')).toHaveLength(1);
    await decide(asked, stranger, { 'address:shipping': address });
    expect((await shop.visit('/order', { jar: stranger })).status).toBe(200);
  });

  it('gives a script 401 or 403 and never a redirect', async () => {
    expect((await shop.visit('/order', { headers: API })).status).toBe(401);
    const response = await shop.visit('/order', { headers: API, jar });
    expect([response.status, await response.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'consent_required' }),
    ]);
    expect(core.calls).toHaveLength(0);
  });
});

describe('a consent that is gone', () => {
  it('refuses at the next fetch and is noted in the session', async () => {
    await decide(await shop.visit('/order', { jar }), jar, { 'address:shipping': address });
    delete core.consented['address:shipping'];
    expect((await shop.visit('/order', { jar, headers: API })).status).toBe(403);
    const { user } = (await (await shop.visit('/', { jar })).json()) as { user: { consents: string[] } };
    expect(user.consents).toEqual(['profile:name']);
  });

  it('with a dead token ends the session, and a page signs in again', async () => {
    await decide(await shop.visit('/order', { jar }), jar, { 'address:shipping': address });
    const copy = jar.get('userref_shop-a');
    core.bends.replies.attributes = () => problem('invalid_token', 401);
    const response = await shop.visit('/order', { jar });
    expect(response.status).toBe(303);
    expect(jar.names).not.toContain('userref_shop-a');
    expect(await (await shop.visit('/', { jar: jar.set('userref_shop-a', copy) })).json()).toEqual({
      user: null,
    });
  });

  it('with a dead token gives a script 401', async () => {
    core.bends.replies.attributes = () => problem('invalid_token', 401);
    const response = await shop.visit('/email', { jar, headers: API });
    expect([response.status, await response.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'session_revoked' }),
    ]);
  });

  it('cannot be fetched without a user', async () => {
    const response = await shop.visit('/email', { headers: API });
    expect([response.status, await response.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'not_signed_in' }),
    ]);
  });
});
