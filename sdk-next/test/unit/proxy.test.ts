import { describe, expect, it, vi } from 'vitest';
import { createUserref, memorySessionStore } from '../../src/index.ts';
import { jarOf, unitSite } from '../support/unit-site.ts';

const { core, options, cookie, request } = unitSite();
const { proxy, middleware } = createUserref({ ...options, protect: ['/account', '/é'] });
const NAME = '__Host-userref';

/** What Next.js gives the page instead of a header of the request. */
const override = (response: Response, name: string) => response.headers.get(`x-middleware-request-${name}`);

describe('the proxy', () => {
  it('is the middleware of Next 15 too', () => expect(middleware).toBe(proxy));

  it('lets everybody see what is not protected, and tells the page where it is', async () => {
    const response = await proxy(request('/catalogue?page=2'));
    expect(response.headers.get('x-middleware-next')).toBe('1');
    expect(override(response, 'x-userref-page')).toBe('/catalogue?page=2');
    expect(response.headers.get('cache-control')).toBeNull();
  });

  it('does not believe a visitor who says where they are', async () => {
    const response = await proxy(request('/catalogue', { headers: { 'x-userref-page': '/elsewhere' } }));
    expect(override(response, 'x-userref-page')).toBe('/catalogue');
  });

  it.each(['/account', '/account/orders', '/account/', '/%61ccount', '/é'])(
    'sends a stranger at %s to sign in',
    async (path) => {
      const response = await proxy(request(`${path}?a=1`));
      const to = new URL(response.headers.get('location') ?? '');
      expect([response.status, to.origin, to.pathname]).toEqual([303, options.baseUrl, '/userref/login']);
      expect(to.searchParams.get('started_by')).toBe('page');
      expect(response.headers.get('cache-control')).toBe('private, no-store');
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(core.calls).toEqual([]);
    },
  );

  it('takes no longer name for a protected one', async () => {
    expect((await proxy(request('/accounting'))).headers.get('x-middleware-next')).toBe('1');
  });

  it('lets a visitor with a session in, and keeps the answer to themselves', async () => {
    const response = await proxy(request('/account', { headers: { cookie: await cookie() } }));
    expect(response.headers.get('x-middleware-next')).toBe('1');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
  });

  it('removes a dead cookie from the browser and from what the page sees, and no other', async () => {
    const expired = await cookie({ expiresAt: 1 });
    const response = await proxy(request('/', { headers: { cookie: `a=1; ${expired}; b=2` } }));
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-userref=; Path=\/; Max-Age=0/),
    ]);
    expect(override(response, 'cookie')).toBe('a=1; b=2');
    expect(jarOf(response).names).not.toContain(NAME);
  });

  it('lets no cache keep an answer that takes a dead cookie away: it would sign everybody out', async () => {
    const expired = await cookie({ expiresAt: 1 });
    const response = await proxy(request('/', { headers: { cookie: expired } }));
    expect(response.headers.get('cache-control')).toBe('private, no-store');
  });

  it('leaves the addresses of the SDK alone', async () => {
    const expired = await cookie({ expiresAt: 1 });
    for (const path of [
      '/userref/login',
      '/userref/callback?code=1',
      '/userref/session',
      '/userref/webhook',
    ]) {
      const response = await proxy(request(path, { headers: { cookie: expired } }));
      expect([path, response.headers.getSetCookie(), override(response, 'cookie')]).toEqual([path, [], null]);
    }
  });

  it('takes nobody for signed in while the store is away', async () => {
    const revocations = {
      ...memorySessionStore(),
      isRevoked: vi.fn(() => Promise.reject(new Error('away'))),
    };
    const site = createUserref({ ...options, protect: ['/account'], revocations });
    const response = await site.proxy(request('/account', { headers: { cookie: await cookie() } }));
    expect([response.status, response.headers.get('x-middleware-next')]).toEqual([503, null]);
    expect((await site.proxy(request('/catalogue'))).status).toBe(200);
  });
});
