import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { CookieJar } from '../../../sdk-core/test/support/cookie-jar.ts';
import { load } from '../../../sdk-express/test/support/browser.ts';
import type { BuiltShop } from '../support/build-shop.ts';
import { buildQuickstart, filesOfReadme } from '../support/quickstart.ts';
import { type RunningSite, startSmallSite } from '../support/small-site.ts';

describe('the quickstart of the README', () => {
  let site: RunningSite | undefined;
  let core: RunningSite['core'];
  let url: string;
  let output: string;

  beforeAll(async () => {
    const built = await buildQuickstart(
      inject('builtShops').find(({ major }) => major === '16') as BuiltShop,
    );
    output = built.output;
    site = await startSmallSite(built);
    ({ core, url } = site);
  });
  afterAll(() => site?.stop());

  it('has all files that it names', () => {
    expect([...filesOfReadme().keys()]).toEqual([
      'userref.ts',
      'app/userref/[...userref]/route.ts',
      'proxy.ts',
      'app/account/page.tsx',
      'app/order/page.tsx',
      'components/who.tsx',
      'lib/userref.ts',
      'pages/api/userref/[...userref].ts',
    ]);
    expect(output).toMatch(/○ \/\s/);
  });

  it('signs a visitor in, and shows an address while it is shared', async () => {
    const jar = new CookieJar();
    const toLogin = await load(`${url}/account`, { jar });
    const toCore = await load(new URL(toLogin.headers.get('location') ?? '', url).href, { jar });
    const back = core.signIn(toCore.headers.get('location') ?? '');
    const home = await load(url + back.pathname + back.search, { jar });
    expect(await (await load(url + home.headers.get('location'), { jar })).text()).toContain(
      core.person.userRef,
    );
    core.consented = { 'address:shipping': { locality: 'Sampletown' } };
    expect(await (await load(`${url}/order`, { jar })).text()).toContain('<address>Sampletown</address>');
    core.consented = {};
    const refused = await (await load(`${url}/order`, { jar })).text();
    expect(refused).toContain('return_to=%2Forder');
    expect(refused).not.toContain('Sampletown');
  });
});
