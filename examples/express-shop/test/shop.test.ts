import { describe, expect, it } from 'vitest';
import { createBrowser } from './support/browser.ts';
import { userRef } from './support/fake-core.ts';
import { address, useTestShop } from './support/test-shop.ts';

const test = useTestShop();

describe('the shop', () => {
  it('shows both brands to people who are not signed in, without scripts', async () => {
    const { status, text } = await test.browser.open('/');
    expect(status).toBe(200);
    expect(text).toContain('Kettle &amp; Leaf');
    expect(text).toContain('Mountain Oolong');
    expect(text).not.toContain('<script');
    const other = await test.start({ brand: 'paper-lantern', databaseFile: ':memory:' });
    expect(await (await fetch(other.url)).text()).toContain('Field Notebook');
    await other.close();
  });

  it('allows no inline script or style and nothing from elsewhere', async () => {
    const { headers, text } = await test.browser.open('/');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).not.toMatch(/ style=| on[a-z]+=|<script(?! src="\/)|https?:\/\//);
  });

  it('shows the code of the person who is signed in, and nothing else of them', async () => {
    const { text, url } = await test.signIn();
    expect(url).toBe(`${test.shop.url}/`);
    expect(text).toContain(`data-user-ref="${userRef}"`);
    expect(text).toContain('ppid_abcd…');
  });

  it('keeps a basket for people who are not signed in, and caps it', async () => {
    for (let count = 0; count < 11; count += 1) await test.browser.submit('/basket/mountain-oolong/add');
    await test.browser.submit('/basket/no-such-thing/add');
    const { text } = await test.browser.open('/basket');
    expect(text).toContain('<span class="quantity">9</span>');
    expect(text).toContain('€130.50');
  });

  it('refuses forms that another page sent', async () => {
    for (const headers of [
      {},
      { origin: test.core.issuer },
      { origin: test.shop.url, 'sec-fetch-site': 'same-site' },
    ]) {
      const response = await fetch(`${test.shop.url}/orders`, {
        method: 'POST',
        headers,
        redirect: 'manual',
      });
      expect(response.status).toBe(403);
    }
  });

  it('logs paths and never what stands behind the question mark', async () => {
    await test.signIn();
    await test.browser.open('/?note=17+Example+Lane');
    await test.restart();
    const log = (await test.readFile('shop.log')).toString();
    expect(log).toMatch(/GET \/userref\/callback 30\d \d+ms/);
    expect(log).not.toMatch(/\?|code=|Example/);
  });
});

describe('checkout', () => {
  it('asks for the address and the e-mail address with its purpose', async () => {
    await test.placeOrder();
    const consent = test.core.asked.at(-1);
    expect(consent?.get('scope')?.split(' ')).toEqual(['openid', 'address:shipping', 'contact:email']);
    expect(consent?.get('purpose')).toBe('order_delivery');
  });

  it('shows the address live, and the refusal of the e-mail address with its code', async () => {
    const { text } = await test.browser.open(await test.placeOrder());
    expect(text).toContain('data-attribute="address:shipping" data-state="shared"');
    expect(text).toContain('<span>Back house</span><span>10999 Sampleton</span><span>Germany</span>');
    expect(text).toContain('data-attribute="contact:email" data-state="refused"');
    expect(text).toContain('<code>consent_required</code>');
  });

  it('stores the order under the code and not one word of the address', async () => {
    const { text } = await test.browser.open(await test.placeOrder());
    expect(text).toContain(`<td data-column="user_ref">${userRef}</td>`);
    const database = await test.readFile('shop.sqlite');
    expect(database.includes(userRef)).toBe(true);
    for (const word of ['Example', 'Sampleton', 'Amber', '10999'])
      expect(database.includes(word)).toBe(false);
  });

  it('says what is missing when nothing was ticked, and orders nothing', async () => {
    await test.signIn();
    await test.browser.submit('/basket/mountain-oolong/add');
    const { status, text } = await test.browser.open('/checkout');
    expect(status).toBe(403);
    expect(text).toContain('We need somewhere to send it');
    expect((await test.browser.open('/orders')).text).toContain('No orders yet');
  });

  it('asks again after a refusal, but only when the person wants it', async () => {
    await test.signIn();
    await test.browser.submit('/basket/mountain-oolong/add');
    await test.browser.open('/checkout');
    const asked = test.core.asked.length;
    expect((await test.browser.open('/checkout')).status).toBe(403);
    expect(test.core.asked.length).toBe(asked);
    test.core.ticks = { 'address:shipping': address };
    const { url, text } = await test.browser.open('/checkout/share');
    expect(url).toBe(`${test.shop.url}/checkout`);
    expect(text).toContain('17 Example Lane');
  });

  it('lets the person share for an order again, and come back to it', async () => {
    const order = await test.placeOrder();
    test.core.shared = {};
    const { url, text } = await test.browser.open(`${order}/share`);
    expect(url).toBe(order);
    expect(text).toContain('17 Example Lane');
  });

  it('shows an order without its address once sharing has stopped', async () => {
    const order = await test.placeOrder();
    test.core.shared = {};
    const { text } = await test.browser.open(order);
    expect(text).toContain('data-attribute="address:shipping" data-state="refused"');
    expect(text).not.toContain('Example Lane');
  });

  it('writes what the vault says as text, never as markup', async () => {
    test.core.ticks = { 'address:shipping': { ...address, locality: '<b>Sampleton</b>' } };
    await test.signIn();
    await test.browser.submit('/basket/mountain-oolong/add');
    const { text } = await test.browser.open('/checkout');
    expect(text).toContain('&lt;b&gt;Sampleton');
    expect(text).not.toContain('<b>Sampleton');
  });
});

describe('trouble', () => {
  it('stays friendly when the person cancels', async () => {
    test.core.refusal = 'access_denied';
    const { status, text } = await test.signIn();
    expect(status).toBe(403);
    expect(text).toContain('Sign-in was cancelled');
  });

  it('stays open when the login service is down, and recovers by itself', async () => {
    const dead = await test.start({ databaseFile: ':memory:', issuer: 'http://localhost:9' });
    const visitor = createBrowser(dead.url);
    expect((await visitor.open('/')).status).toBe(200);
    const { status, text, headers } = await visitor.open('/userref/login');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(text).toContain('We cannot reach the login service');
    await dead.close();
  });

  it('signs people out by a form only', async () => {
    await test.signIn();
    await test.browser.open('/userref/logout');
    expect((await test.browser.open('/')).text).toContain(userRef);
    await test.browser.submit('/userref/logout');
    expect((await test.browser.open('/')).text).not.toContain(userRef);
  });

  it('has a page for what is not there', async () => {
    expect((await test.browser.open('/nowhere')).status).toBe(404);
    await test.signIn();
    expect((await test.browser.open('/orders/KL-NOTTHERE')).status).toBe(404);
  });
});
