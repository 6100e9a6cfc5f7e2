import { describe, expect, it, vi } from 'vitest';
import { createUserref, memorySessionStore } from '../../src/index.ts';
import { jarOf, unitSite } from '../support/unit-site.ts';

const { core, options, cookie, request } = unitSite();
const { handlers, withUser } = createUserref(options);
const API = { accept: 'application/json', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' };

describe('the handlers', () => {
  it('sign a visitor in', async () => {
    const started = await handlers.GET(request('/userref/login?return_to=/account'));
    const jar = jarOf(started);
    const back = core.signIn(started.headers.get('location') ?? '');
    expect(back.origin).toBe(options.baseUrl);
    const finished = await handlers.GET(
      request(back.pathname + back.search, { headers: { cookie: jar.header } }),
    );
    expect([finished.status, finished.headers.get('location')]).toEqual([303, '/account']);
    const told = await handlers.GET(
      request('/userref/session', { headers: { ...API, cookie: jarOf(finished).header } }),
    );
    expect((await told.json()).user.userRef).toBe(core.person.userRef);
  });

  it.each([
    { rsc: '1' },
    { 'next-router-prefetch': '1' },
    { 'sec-fetch-mode': 'cors' },
    { 'sec-fetch-mode': 'no-cors' },
    { 'sec-purpose': 'prefetch' },
  ])('do nothing for what is no page load: %j', async (headers) => {
    for (const path of ['/userref/login', '/userref/callback?code=a&state=b']) {
      const response = await handlers.GET(request(path, { headers: headers as Record<string, string> }));
      expect([response.status, response.headers.getSetCookie(), response.body]).toEqual([503, [], null]);
    }
    expect(core.calls).toEqual([]);
  });

  it('tell who is there without token and session id, and clear a dead cookie', async () => {
    const told = await handlers.GET(
      request('/userref/session', { headers: { ...API, cookie: await cookie() } }),
    );
    expect(told.headers.get('cache-control')).toBe('private, no-store');
    const { user } = await told.json();
    expect(Object.keys(user).sort()).toEqual(['assuranceLevel', 'authTime', 'consents', 'userRef']);
    const dead = await handlers.GET(
      request('/userref/session', { headers: { ...API, cookie: await cookie({ expiresAt: 1 }) } }),
    );
    expect([await dead.json(), dead.headers.getSetCookie().length]).toEqual([{ user: null }, 1]);
  });

  it('answer HEAD, unknown addresses and wrong methods without doing anything', async () => {
    expect((await handlers.GET(request('/userref/login', { method: 'HEAD' }))).status).toBe(405);
    expect((await handlers.GET(request('/userref/elsewhere'))).status).toBe(404);
    expect((await handlers.POST(request('/userref/login', { method: 'POST' }))).status).toBe(405);
    expect(core.calls).toEqual([]);
  });

  it('read a webhook as it came, and refuse one that a parser has read', async () => {
    const { headers, body } = await core.webhook({ type: 'endpoint.test' });
    const deliver = () =>
      request('/userref/webhook', { method: 'POST', headers: { ...headers, accept: '*/*' }, body });
    expect((await handlers.POST(deliver())).status).toBe(204);
    const parsed = deliver();
    await parsed.text();
    expect([(await handlers.POST(parsed)).status]).toEqual([500]);
  });
});

describe('withUser', () => {
  const GET = withUser<{ id: string }>(async (_request, { user, fetchAttributes }, { id }) => {
    const shared = await fetchAttributes(['contact:email'], { purpose: 'order_delivery' });
    return Response.json({ id, userRef: user.userRef, email: shared.get('contact:email') });
  });
  const ask = async (session?: Parameters<typeof cookie>[0]) =>
    GET(request('/api/me', { headers: { ...API, cookie: await cookie(session) } }), { id: '7' });

  it('answers for this visitor alone', async () => {
    core.consented = { 'contact:email': 'amber@sample.example' };
    const response = await ask();
    expect(await response.json()).toEqual({
      id: '7',
      userRef: core.person.userRef,
      email: 'amber@sample.example',
    });
    expect(response.headers.get('cache-control')).toBe('private, no-store');
  });

  it('lets no cache keep a session cookie, whatever the site says caches may do', async () => {
    const open = withUser(async (_request, { fetchAttributes }) => {
      await fetchAttributes(['contact:email'], { purpose: 'order_delivery' }).catch(() => undefined);
      return new Response('for everybody', { headers: { 'Cache-Control': 'public, s-maxage=60' } });
    });
    const answer = async (consents: string[]) => {
      const headers = { ...API, cookie: await cookie({ consents }) };
      const { headers: sent } = await open(request('/api/open', { headers }), {});
      return [sent.getSetCookie().length, sent.get('cache-control')];
    };
    expect(await answer(['contact:email'])).toEqual([1, 'private, no-store']);
    expect(await answer([])).toEqual([0, 'public, s-maxage=60']);
  });

  it('gives programs 401 and 403 problems, and people the way to sign in', async () => {
    const stranger = await GET(request('/api/me', { headers: API }), { id: '7' });
    expect([stranger.status, (await stranger.json()).code]).toEqual([401, 'not_signed_in']);
    const refused = await ask();
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({
        code: 'consent_required',
        attributes: ['contact:email'],
        consent_url: expect.stringContaining(`${options.baseUrl}/userref/login?`),
      }),
    ]);
    expect((await GET(request('/api/me'), { id: '7' })).status).toBe(303);
  });

  it('notes a consent that is gone, and ends a session whose token died', async () => {
    const [noted] = (await ask({ consents: ['contact:email'] })).headers.getSetCookie();
    expect(noted).toMatch(/^__Host-userref=.+; Secure$/);
    const ended = await ask({ sid: 'sidOfADeadToken', accessToken: 'dead' });
    expect([ended.status, ended.headers.getSetCookie()[0]]).toEqual([
      401,
      expect.stringContaining('Max-Age=0'),
    ]);
  });

  it.each([
    {},
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
  ])('refuses a change that another site sends: %j', async (headers) => {
    const POST = withUser(() => new Response('done'));
    const sent = { accept: '*/*', 'sec-fetch-mode': 'cors', cookie: await cookie(), ...headers } as Record<
      string,
      string
    >;
    expect((await POST(request('/api/me', { method: 'POST', headers: sent }), {})).status).toBe(403);
    const own = { ...sent, 'sec-fetch-site': 'same-origin', origin: options.baseUrl };
    expect((await POST(request('/api/me', { method: 'POST', headers: own }), {})).status).toBe(200);
  });

  it('takes nobody for signed in while the store is away: 503, to try again', async () => {
    const revocations = {
      ...memorySessionStore(),
      isRevoked: () => Promise.reject(new Error('away')),
    };
    const handler = vi.fn(() => new Response('done'));
    const guarded = createUserref({ ...options, revocations }).withUser(handler);
    const answer = await guarded(request('/api/me', { headers: { ...API, cookie: await cookie() } }), {});
    expect([answer.status, (await answer.json()).code, answer.headers.get('retry-after')]).toEqual([
      503,
      'service_unavailable',
      '5',
    ]);
    expect(handler).not.toHaveBeenCalled();
  });

  it('never runs for nobody', async () => {
    const handler = vi.fn(() => new Response('done'));
    for (const headers of [API, { ...API, cookie: await cookie({ expiresAt: 1 }) }]) {
      expect((await withUser(handler)(request('/api/me', { headers }), {})).status).toBe(401);
    }
    expect(handler).not.toHaveBeenCalled();
  });

  it('passes on what is no error of the SDK', async () => {
    const broken = withUser(() => {
      throw new TypeError('a defect');
    });
    await expect(broken(request('/api/me', { headers: { cookie: await cookie() } }), {})).rejects.toThrow(
      'a defect',
    );
  });
});
