import type { GetServerSidePropsContext } from 'next';
import { NextRequest } from 'next/server';
import { describe, expect, it, vi } from 'vitest';
import { createUserref } from '../../src/index.ts';
import { createUserref as createForPages } from '../../src/pages.ts';
import { ownTargetOf } from '../../src/site/addresses.ts';
import { PAGE_LOAD, unitSite } from '../support/unit-site.ts';

const { options, cookie, request } = unitSite();
const returnTo = (location: string | null | undefined) =>
  new URL(location ?? '', options.baseUrl).searchParams.get('return_to');

describe('basePath', () => {
  it.each(['docs', '/docs/', '//docs', '/do cs', 7])('is refused as %j', async (basePath) => {
    const { getUser, handlers } = createUserref({ ...options, basePath } as never);
    void getUser;
    await expect(handlers.GET(request('/userref/login'))).rejects.toMatchObject({
      code: 'config_invalid',
      detail: expect.stringContaining('basePath'),
    });
  });

  it('begins every path, and one that does not is named at once', async () => {
    const { handlers } = createUserref({ ...options, basePath: '/docs', paths: { login: '/userref/login' } });
    await expect(handlers.GET(request('/userref/login'))).rejects.toMatchObject({
      detail: expect.stringContaining('/docs'),
    });
  });
});

describe('an address with a slash at its end', () => {
  const isOwn = (path: string) => ['/userref/login', '/slash/'].includes(path);

  it.each([
    ['/userref/login', '/userref/login'],
    ['/userref/login/', '/userref/login'],
    ['/userref/login/?return_to=/a/', '/userref/login?return_to=/a/'],
    ['/slash/?a', '/slash/?a'],
    ['/slash', null],
    ['/userref/login//', null],
    ['/userref/loginn/', null],
    ['/', null],
  ])('%s is %s', (target, own) => expect(ownTargetOf(target, isOwn)).toBe(own));

  it('tells who is there beside a login whose path ends with one', async () => {
    const { handlers } = createUserref({ ...options, paths: { login: '/userref/login/' } });
    const headers = { cookie: await cookie(), accept: 'application/json' };
    expect(
      (await (await handlers.GET(request('/userref/session/', { headers }))).json()).user,
    ).not.toBeNull();
  });
});

describe('a visitor who reads in another language than the first', () => {
  const nextConfig = { basePath: '/docs', i18n: { locales: ['en', 'de'], defaultLocale: 'en' } };

  it.each([
    ['/docs/de/account?a=1', '/docs/de/account?a=1'],
    ['/docs/account?a=1', '/docs/account?a=1'],
  ])('is sent by the proxy from %s to sign in, and back', async (path, page) => {
    const { proxy } = createUserref({ ...options, basePath: '/docs', protect: ['/account'] });
    const asked = new NextRequest(new URL(path, options.baseUrl), { headers: PAGE_LOAD, nextConfig });
    const location = (await proxy(asked)).headers.get('location');
    expect([new URL(location ?? '').pathname, returnTo(location)]).toEqual(['/docs/userref/login', page]);
  });

  it.each([
    ['de', '/docs/de/account?a=1'],
    ['en', '/docs/account?a=1'],
    [undefined, '/docs/account?a=1'],
  ])('is sent by a page of the Pages Router in %s to sign in, and back', async (locale, page) => {
    const context = {
      ...{ locale, defaultLocale: locale && 'en', resolvedUrl: '/account?a=1' },
      ...{ req: { headers: PAGE_LOAD, method: 'GET' }, res: { setHeader: vi.fn() } },
    } as unknown as GetServerSidePropsContext;
    const props = createForPages({ ...options, basePath: '/docs' }).withUser(() => ({ props: {} }));
    const { redirect } = (await props(context)) as { redirect: { destination: string; basePath: false } };
    expect([returnTo(redirect.destination), redirect.basePath]).toEqual([page, false]);
    expect(redirect.destination).toMatch(/^\/docs\/api\/userref\/login\?/);
  });
});
