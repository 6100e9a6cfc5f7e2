import { testWebhook } from '@userref/sdk-core/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { CookieJar } from '../../../sdk-core/test/support/cookie-jar.ts';
import { load, type Visit } from '../../../sdk-express/test/support/browser.ts';
import { buildBasePathSite } from '../support/base-path-site.ts';
import type { BuiltShop } from '../support/build-shop.ts';
import { type RunningSite, startSmallSite } from '../support/small-site.ts';

describe('a site with basePath and trailingSlash', () => {
  let site: RunningSite | undefined;
  let core: RunningSite['core'];
  let url: string;

  /** Follows redirects within the site, as a browser does; ends at a page or at the way out. */
  async function follow(path: string, visit: Visit): Promise<{ path: string; answer: Response }> {
    const answer = await load(url + path, visit);
    const to = new URL(answer.headers.get('location') ?? 'about:blank', url + path);
    if (to.origin !== url) return { path, answer };
    return follow(to.pathname + to.search, visit);
  }
  const userOf = async (jar: CookieJar) =>
    (await (await follow('/docs/userref/session', { jar })).answer.json()).user;

  beforeAll(async () => {
    const [newest] = inject('builtShops');
    const built = await buildBasePathSite(newest as BuiltShop);
    site = await startSmallSite(built);
    ({ core, url } = site);
  });
  afterAll(() => site?.stop());

  it.each([
    ['a page', '/docs/account/?tab=1', '/docs/userref/callback'],
    ['the proxy', '/docs/members/?tab=1', '/docs/userref/callback'],
    ['a page of the Pages Router', '/docs/pages-account/?tab=1', '/docs/api/userref/callback'],
  ])('signs in from %s, and comes back to it', async (_, page, callback) => {
    const jar = new CookieJar();
    const left = await follow(page, { jar });
    const back = core.signIn(left.answer.headers.get('location') ?? '');
    expect(back.pathname).toBe(callback);
    const returned = await follow(back.pathname + back.search, { jar });
    expect([returned.path, returned.answer.status]).toEqual([page, 200]);
    expect((await userOf(jar)).userRef).toBe(core.person.userRef);
  });

  it('takes webhooks on both routers, at addresses that end with a slash', async () => {
    for (const folder of ['/docs/userref', '/docs/api/userref']) {
      const { headers, body } = await testWebhook({ type: 'endpoint.test' }, core.webhookSecret);
      const answer = await load(`${url}${folder}/webhook/`, { method: 'POST', headers, body });
      expect([folder, answer.status]).toEqual([folder, 204]);
    }
  });

  it('signs out by a form of the site', async () => {
    const jar = new CookieJar();
    const { answer } = await follow('/docs/userref/login', { jar });
    const back = core.signIn(answer.headers.get('location') ?? '');
    await follow(back.pathname + back.search, { jar });
    const headers = { 'sec-fetch-site': 'same-origin', origin: url };
    const left = await load(`${url}/docs/userref/logout/`, { method: 'POST', headers, jar });
    expect([left.status, await userOf(jar)]).toEqual([303, null]);
  });
});
