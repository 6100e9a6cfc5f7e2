import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { launchChromium, noBrowser } from '../../../hosted-core/test/support/launch-chromium.ts';
import { ADDRESS, CANARY, useShop } from '../support/shop-under-test.ts';

const versions = inject('builtShops').map((shop) => [shop.major, shop] as const);

describe.skipIf(noBrowser).each(versions)('in Chromium on Next %s', (_, built) => {
  const under = useShop(built);
  let browser: BrowserContext;
  let page: Page;

  beforeEach(async () => {
    browser = await launchChromium();
    page = await browser.newPage();
    under.core.consented = { 'address:shipping': ADDRESS };
  });
  afterEach(() => browser.close());

  const cookieNames = async () => (await browser.cookies()).map(({ name }) => name);
  const open = (path: string) => page.goto(under.shop.url + path, { waitUntil: 'networkidle' });
  const signIn = () => open('/userref/login?return_to=/probe/prefetch');

  it('links that the router fetches ahead sign nobody in', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await open('/probe/prefetch');
    expect(asked).toContain('/userref/login');
    expect(await cookieNames()).toEqual([]);
    expect(under.core.callsTo('par')).toEqual([]);
  });

  it('links that the router fetches ahead sign nobody out', async () => {
    await signIn();
    await open('/probe/prefetch');
    await page.getByText('Signed in as').waitFor();
    await open('/');
    await page.getByText('Good to see you again').waitFor();
  });

  it('a link to the login that is followed signs in, and comes back', async () => {
    await open('/probe/prefetch');
    await page.getByRole('link', { name: '/userref/login' }).click();
    await page.waitForURL(`${under.shop.url}/orders`);
    expect(await page.locator('[data-user-ref]').getAttribute('data-user-ref')).toBe(
      under.core.person.userRef,
    );
  });

  it('a link to a protected page that is followed signs in, and comes back to the page', async () => {
    await open('/probe/prefetch');
    await page.getByRole('link', { name: '/orders', exact: true }).click();
    await page.getByRole('heading', { name: 'Your orders' }).waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/orders');
  });

  it('after signing out nothing of the visitor comes back, by the back button or the router', async () => {
    await signIn();
    await open('/probe/slow');
    await page.getByText(CANARY).waitFor();
    await open('/probe/prefetch');
    await page.getByRole('link', { name: '/orders', exact: true }).click();
    await page.getByRole('heading', { name: 'Your orders' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${under.shop.url}/`);
    // The core, where the visitor has signed out too, would ask who is there.
    under.core.bends.replies.authorize = () => new Response('Sign in');
    for (let steps = 0; steps < 4; steps += 1) {
      await page.goBack({ waitUntil: 'networkidle' }).catch(() => null);
      const text = (await page.content()) + (await page.evaluate('JSON.stringify(self.__next_f ?? [])'));
      expect([page.url(), text.includes(CANARY), text.includes(under.core.person.userRef)]).toEqual([
        page.url(),
        false,
        false,
      ]);
    }
  });

  it('a tab that comes to the front after the session has ended forgets the visitor', async () => {
    await signIn();
    await open('/probe/slow');
    await page.getByText('Signed in as').waitFor();
    await browser.clearCookies();
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await page.getByText('You are signed out.').waitFor();
    expect(await page.locator('[data-user-ref]').count()).toBe(0);
  });
});
