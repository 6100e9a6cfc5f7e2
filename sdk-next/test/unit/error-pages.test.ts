import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { memorySessionStore, UserrefError } from '@userref/sdk-core';
import { de } from '@userref/sdk-core/languages';
import type { NextApiRequest, NextApiResponse } from 'next';
import { describe, expect, it } from 'vitest';
import { createUserref, type ErrorPage, type RenderError } from '../../src/index.ts';
import { createUserref as createForPages, type RenderApiError } from '../../src/pages.ts';
import { jarOf, unitSite } from '../support/unit-site.ts';

const { core, options, cookie, request } = unitSite();
const NOBODY = '/userref/callback?state=aaaaaaaaaaaaaaaaaaaaaa&code=b';
const API = { accept: 'application/json', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' };
/** A store that does not answer. */
const noStore = { ...memorySessionStore(), isRevoked: () => Promise.reject(new Error('away')) };

function show(page: ErrorPage): Response {
  const headers = {
    'content-type': 'text/html',
    'cache-control': 'public, max-age=60',
    'set-cookie': 'seen=1',
  };
  return new Response(`<h1>Shop</h1>${page.title}`, { headers });
}

/** A callback of a login that was declined. */
async function decline({ handlers }: ReturnType<typeof createUserref>): Promise<Response> {
  const started = await handlers.GET(request('/userref/login?return_to=/account'));
  const back = core.signIn(started.headers.get('location') ?? '');
  back.searchParams.delete('code');
  back.searchParams.set('error', 'access_denied');
  return handlers.GET(
    request(back.pathname + back.search, {
      headers: { cookie: jarOf(started).header, 'accept-language': 'es' },
    }),
  );
}

describe('a plain page about an error on the App Router', () => {
  it.each([
    ['ar-EG,ar;q=0.9', '<html lang="ar" dir="rtl">'],
    ['pl', '<html lang="en" dir="ltr">'],
  ])('speaks to a visitor who asks for %s', async (wish, html) => {
    const { handlers } = createUserref(options);
    const response = await handlers.GET(request(NOBODY, { headers: { 'accept-language': wish } }));
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(html)]);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('speaks the languages that the site names', async () => {
    const { handlers } = createUserref({ ...options, languages: [de] });
    const response = await handlers.GET(request(NOBODY, { headers: { 'accept-language': 'fr' } }));
    expect(await response.text()).toContain(de.texts.not_finished[0]);
  });
});

describe('a site on the App Router that shows errors in its own layout', () => {
  it('keeps status, cleared cookies and privacy of the answer, and says the rest itself', async () => {
    const shown: ErrorPage[] = [];
    const renderError: RenderError = (page) => {
      shown.push(page);
      return show(page);
    };
    const response = await decline(createUserref({ ...options, renderError }));
    expect([response.status, await response.text()]).toEqual([403, '<h1>Shop</h1>No ha iniciado sesión']);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(response.headers.get('content-security-policy')).toBeNull();
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.getSetCookie()).toEqual(['seen=1', expect.stringContaining('Max-Age=0')]);
    expect(shown).toEqual([
      expect.objectContaining({
        ...{ status: 403, code: 'login_denied', language: 'es', direction: 'ltr' },
        links: [
          { href: '/userref/login?return_to=%2Faccount', text: 'Iniciar sesión de nuevo' },
          { href: '/', text: 'Volver a la página de inicio' },
        ],
      }),
    ]);
  });

  it('may lead to a page of its own, and cookies are cleared on the way', async () => {
    const renderError: RenderError = async ({ code }) =>
      Response.redirect(`${options.baseUrl}/problem?code=${code}`, 303);
    const response = await decline(createUserref({ ...options, renderError }));
    const to = response.headers.get('location');
    expect([response.status, to]).toEqual([303, `${options.baseUrl}/problem?code=login_denied`]);
    expect(response.headers.getSetCookie()).toEqual([expect.stringContaining('Max-Age=0')]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('shows what withUser refuses, to people alone', async () => {
    const { withUser } = createUserref({ ...options, renderError: show });
    const GET = withUser(() => {
      throw new UserrefError('attributes_unavailable');
    });
    const headers = { cookie: await cookie() };
    const page = await GET(request('/api/me', { headers }), {});
    expect([page.status, await page.text()]).toEqual([502, expect.stringContaining('<h1>Shop</h1>')]);
    const problem = await GET(request('/api/me', { headers: { ...headers, ...API } }), {});
    expect([problem.status, (await problem.json()).code]).toEqual([502, 'attributes_unavailable']);
  });

  it('shows in the proxy what keeps every page from opening', async () => {
    const { proxy } = createUserref({ ...options, revocations: noStore, renderError: show });
    const response = await proxy(request('/account', { headers: { cookie: await cookie() } }));
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('<h1>Shop</h1>')]);
    expect(response.headers.get('retry-after')).toBe('5');
  });

  it('is not sent round in circles when the page that it leads to fails as well', async () => {
    const renderError: RenderError = () => Response.redirect(`${options.baseUrl}/problem`, 303);
    const { proxy } = createUserref({ ...options, revocations: noStore, renderError });
    const headers = { cookie: await cookie() };
    expect((await proxy(request('/account', { headers }))).status).toBe(303);
    const plain = await proxy(request('/problem?again', { headers }));
    expect([plain.status, await plain.text()]).toEqual([503, expect.stringContaining('service_unavailable')]);
  });

  it('hears of what its own page got wrong', async () => {
    const fails = (): never => {
      throw new TypeError('a template');
    };
    const { handlers } = createUserref({ ...options, renderError: fails });
    await expect(handlers.GET(request(NOBODY))).rejects.toThrow('a template');
  });

  it('is told when it gives no function', async () => {
    for (const create of [createUserref, createForPages]) {
      const site = create({ ...options, renderError: 'problem' as never });
      const call = 'handlers' in site ? site.handlers.GET(request(NOBODY)) : callPages(site.handler);
      await expect(call).rejects.toThrow('renderError must be a function');
    }
  });
});

describe('a site on the Pages Router that shows errors in its own layout', () => {
  it('writes its page after status, headers and cookies were set', async () => {
    const renderError: RenderApiError = (page, { url }, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(`<h1>Shop</h1>${page.title} ${url?.slice(0, 21)}`);
    };
    const { handler } = createForPages({ ...options, renderError });
    const told = await callPages(handler, { 'accept-language': 'de' });
    expect(told).toEqual({
      status: 400,
      body: `<h1>Shop</h1>${de.texts.not_finished[0]} /api/userref/callback`,
      headers: expect.objectContaining({
        ...{ 'cache-control': 'no-store', 'content-type': 'text/html', 'referrer-policy': 'no-referrer' },
      }),
    });
    expect(told.headers).not.toHaveProperty('content-security-policy');
  });

  it('gives programs problem documents, and without it everybody a plain page', async () => {
    const renderError: RenderApiError = (_page, _request, response) => void response.end('never');
    const { handler } = createForPages({ ...options, renderError });
    const problem = await callPages(handler, { accept: 'application/json' });
    expect(JSON.parse(problem.body)).toMatchObject({ code: 'login_state_missing' });
    const plain = await callPages(createForPages(options).handler, { 'accept-language': 'he' });
    expect(plain.body).toContain('<html lang="he" dir="rtl">');
    expect(plain.headers).toHaveProperty('content-security-policy');
  });
});

/** What the handler of the Pages Router answers at its callback. */
async function callPages(
  handler: ReturnType<typeof createForPages>['handler'],
  headers: Record<string, string> = {},
) {
  const incoming = Object.assign(new IncomingMessage(new Socket()), {
    ...{ method: 'GET', url: `/api${NOBODY}`, headers: { accept: 'text/html', ...headers } },
  });
  const response = new ServerResponse(incoming);
  let body = '';
  response.end = (text?: unknown) => {
    body += String(text ?? '');
    return response;
  };
  await handler(incoming as NextApiRequest, response as NextApiResponse);
  return { status: response.statusCode, headers: response.getHeaders(), body };
}
