import type { ErrorRequestHandler, Express } from 'express';
import { beforeEach, describe, expect, it } from 'vitest';
import { CookieJar } from '../../sdk-core/test/support/cookie-jar.ts';
import { type ErrorPage, requireConsent, userref } from '../src/index.ts';
import { useShop } from './support/shop.ts';

const shop = useShop();
const { core } = shop;
const shown: ErrorPage[] = [];
const API = { accept: 'application/json', 'sec-fetch-mode': 'cors' };

function pages(app: Express): void {
  const delivery = { purpose: 'order_delivery' };
  app.get('/order', requireConsent(['address:shipping'], delivery), (_, response) => void response.end());
  app.get('/email', (request, _response, next) => {
    request.userref.fetchAttributes(['contact:email'], delivery).then(() => next(), next);
  });
}

describe('a shop that shows errors in its own layout', () => {
  beforeEach(() => {
    shown.length = 0;
    shop.open(
      {
        renderError(page, _request, response) {
          shown.push(page);
          response.set('Content-Security-Policy', "default-src 'self'").send(`<h1>Shop</h1>${page.title}`);
        },
      },
      pages,
    );
  });

  it('shows what went wrong at the callback, with status, headers and the cleared cookie of the SDK', async () => {
    const jar = new CookieJar();
    const started = await shop.visit('/userref/login?return_to=/account', { jar });
    const back = core.signIn(started.headers.get('location') ?? '');
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    const response = await shop.visit(back.pathname + back.search, { jar });
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('<h1>Shop</h1>')]);
    expect(response.headers.get('content-security-policy')).toBe("default-src 'self'");
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(jar.names).toEqual([]);
    expect(shown).toEqual([
      expect.objectContaining({
        status: 403,
        code: 'login_denied',
        isTransient: expect.any(Boolean),
        helpUrl: expect.stringContaining('login_denied'),
        links: [{ href: '/userref/login?return_to=%2Faccount', text: 'Sign in again' }, expect.anything()],
      }),
    ]);
  });

  it('shows what a guard refuses and what a route threw, and where to change one’s mind', async () => {
    const jar = await shop.signIn();
    await shop.signIn(jar, '/order'); // asked once, and said no
    const refused = await shop.visit('/order', { jar });
    const thrown = await shop.visit('/email', { jar });
    expect([refused.status, thrown.status]).toEqual([403, 403]);
    expect(shown.map(({ code, links }) => [code, links[0]?.text])).toEqual([
      ['consent_required', 'Choose what to share'],
      ['consent_required', 'Choose what to share'],
    ]);
  });

  it('shows a page while the core is away, and says when to come back', async () => {
    core.bends.replies.discovery = () => Response.error();
    shop.open({ renderError: (page, _, response) => void response.send(`own ${page.code}`) });
    const response = await shop.visit('/userref/login');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await response.text()).toMatch(/^own (?:discovery|network)_failed$/);
  });

  it('gives programs the problem document as ever', async () => {
    const response = await shop.visit('/email', { headers: API });
    expect([response.status, shown]).toEqual([401, []]);
    expect(await response.json()).toMatchObject({ code: 'not_signed_in' });
  });

  it('says nothing of what its own page got wrong, and leaves that to Express', async () => {
    const failures: unknown[] = [];
    for (const fail of [() => Promise.reject(new Error('a template')), () => fails('a template')]) {
      shop.open({ renderError: fail }, (app) => {
        const note: ErrorRequestHandler = (error, _request, response, _next) => {
          failures.push(error);
          response.end();
        };
        app.use(note);
      });
      await shop.visit('/userref/callback');
    }
    expect(failures).toEqual([new Error('a template'), new Error('a template')]);
  });

  it('is told at the start when it gives no function', () => {
    const options = { ...core.options, baseUrl: shop.url, sessionSecret: 'x'.repeat(32) };
    expect(() => userref({ ...options, renderError: 'problem' as never })).toThrow('config_invalid');
  });
});

function fails(message: string): never {
  throw new Error(message);
}
