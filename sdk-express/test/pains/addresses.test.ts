import { oauthError } from '@userref/sdk-core/testing';
import { describe, expect, it } from 'vitest';
import { useShop } from '../support/shop.ts';

const shop = useShop();
const { core } = shop;
const FORWARDED = {
  host: 'evil.example',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '8443',
  forwarded: 'host=evil.example;proto=https',
  'x-original-url': '//evil.example/',
  'x-rewrite-url': '//evil.example/',
};

describe('pain 1: behind a proxy the SDK makes up the wrong address', () => {
  it.each([undefined, true, 1, 'loopback'])('never, with trust proxy %j', async (trust) => {
    shop.open({}, (app) => {
      if (trust !== undefined) app.set('trust proxy', trust);
      app.get('/sign-in-here', (_request, response, next) => {
        response.userref.login({ returnTo: '/account' }).catch(next);
      });
    });
    for (const path of ['/userref/login', '/sign-in-here']) await shop.visit(path, { headers: FORWARDED });
    const sent = core.callsTo('par').map(({ body }) => body.get('redirect_uri'));
    expect(sent).toEqual([`${shop.url}/userref/callback`, `${shop.url}/userref/callback`]);
  });

  it('never in a problem or on the way out either', async () => {
    const jar = await shop.signIn();
    const headers = { ...FORWARDED, accept: 'application/json', 'sec-fetch-mode': 'cors' };
    const problem = await shop.visit('/order', { headers, jar });
    expect(((await problem.json()) as { consent_url: string }).consent_url).toMatch(
      new RegExp(`^${shop.url}/userref/login\\?`),
    );
    const leaving = await shop.visit('/leave', { method: 'POST', headers: FORWARDED, jar });
    expect(leaving.headers.get('location')).not.toContain('evil.example');
  });

  it('a sign-out is not taken for a foreign one because the proxy changed Host', async () => {
    const jar = await shop.signIn();
    const headers = { ...FORWARDED, origin: shop.url, 'sec-fetch-site': 'same-origin' };
    expect((await shop.visit('/userref/logout', { method: 'POST', headers, jar })).status).toBe(303);
  });
});

describe('pain 8: a preview deployment signs in with a redirect address that nobody registered', () => {
  const PREVIEW = 'https://pr-12--shop.preview.example';

  it('signs in at its own address, which the deployment names and no request', async () => {
    shop.open({ previewOrigin: PREVIEW });
    const answer = await shop.visit('/userref/login', { headers: { host: 'pr-13--shop.preview.example' } });
    expect(answer.status).toBe(303);
    expect(core.callsTo('par')[0]?.body.get('redirect_uri')).toBe(`${PREVIEW}/userref/callback`);
    expect(core.signIn(answer.headers.get('location') ?? '').origin).toBe(PREVIEW);
    expect(answer.headers.getSetCookie().every((cookie) => cookie.startsWith('__Host-'))).toBe(true);
  });

  it('is told what to register when the core does not know it, instead of a wildcard being taken', async () => {
    core.bends.replies.par = () => oauthError('invalid_request', 400);
    shop.open({ previewOrigin: PREVIEW });
    const answer = await shop.visit('/userref/login', { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(403);
    const page = await answer.text();
    for (const told of ['userref-core sites previews', 'preview_refused']) expect(page).toContain(told);
    expect(() => shop.open({ previewOrigin: 'https://*--shop.preview.example' })).toThrow('config_invalid');
  });
});
