import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createShop, type Shop, type ShopOptions } from '../src/index.ts';
import { type Browser, createBrowser } from './support/browser.ts';
import { type FakeCore, signedWebhook, startFakeCore, userRef, webhookSecret } from './support/fake-core.ts';

const address = {
  recipient: 'Sample Person Amber',
  street_address: '17 Example Lane\nBack house',
  postal_code: '10999',
  locality: 'Sampleton',
  country: 'DE',
};

let folder: string;
let core: FakeCore;
let shop: Shop;
let browser: Browser;
let unexpected: unknown[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-test-'));
  unexpected = [];
  core = await startFakeCore();
  shop = await startShop();
  browser = createBrowser(shop.url);
});
afterEach(async () => {
  await shop.close();
  await core.close();
  await rm(folder, { recursive: true });
  expect(unexpected).toEqual([]);
});

function startShop(options: Partial<ShopOptions> = {}): Promise<Shop> {
  return createShop({
    brand: 'kettle-and-leaf',
    port: 0,
    issuer: core.issuer,
    site: core.site,
    siteSecret: 'secret-of-the-shop',
    webhookSecret,
    sessionSecret: 'a session secret with more than 32 characters',
    databaseFile: join(folder, 'shop.sqlite'),
    logFile: join(folder, 'shop.log'),
    onUnexpectedError: (error) => unexpected.push(error),
    ...options,
  });
}

const signIn = () => browser.open('/userref/login');
const deliver = (type: string, data: object) =>
  fetch(`${shop.url}/userref/webhook`, signedWebhook({ type, data: { user_ref: userRef, ...data } }));

async function placeOrder(): Promise<string> {
  core.ticks = { 'address:shipping': address };
  await signIn();
  await browser.submit('/basket/mountain-oolong/add');
  await browser.open('/checkout');
  return (await browser.submit('/orders')).url;
}

describe('the shop', () => {
  it('shows both brands to people who are not signed in, without scripts', async () => {
    const { status, text } = await browser.open('/');
    expect(status).toBe(200);
    expect(text).toContain('Kettle &amp; Leaf');
    expect(text).toContain('Mountain Oolong');
    expect(text).not.toContain('<script');
    const other = await startShop({ brand: 'paper-lantern', databaseFile: ':memory:' });
    expect(await (await fetch(other.url)).text()).toContain('Field Notebook');
    await other.close();
  });

  it('allows no inline script or style and nothing from elsewhere', async () => {
    const { headers, text } = await browser.open('/');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).not.toMatch(/ style=| on[a-z]+=|<script(?! src="\/)|https?:\/\//);
  });

  it('shows the code of the person who is signed in, and nothing else of them', async () => {
    const { text, url } = await signIn();
    expect(url).toBe(`${shop.url}/`);
    expect(text).toContain(`data-user-ref="${userRef}"`);
    expect(text).toContain('ppid_abcd…');
  });

  it('keeps a basket for people who are not signed in, and caps it', async () => {
    for (let count = 0; count < 11; count += 1) await browser.submit('/basket/mountain-oolong/add');
    await browser.submit('/basket/no-such-thing/add');
    const { text } = await browser.open('/basket');
    expect(text).toContain('<span class="quantity">9</span>');
    expect(text).toContain('€130.50');
  });

  it('refuses forms that another page sent', async () => {
    for (const headers of [
      {},
      { origin: core.issuer },
      { origin: shop.url, 'sec-fetch-site': 'same-site' },
    ]) {
      const response = await fetch(`${shop.url}/orders`, { method: 'POST', headers, redirect: 'manual' });
      expect(response.status).toBe(403);
    }
  });

  it('logs paths and never what stands behind the question mark', async () => {
    await signIn();
    await browser.open('/?note=17+Example+Lane');
    await shop.close();
    const log = await readFile(join(folder, 'shop.log'), 'utf8');
    expect(log).toMatch(/GET \/userref\/callback 30\d \d+ms/);
    expect(log).not.toMatch(/\?|code=|Example/);
    shop = await startShop();
  });
});

describe('checkout', () => {
  it('asks for the address and the e-mail address with its purpose', async () => {
    await placeOrder();
    const consent = core.asked.at(-1);
    expect(consent?.get('scope')?.split(' ')).toEqual(['openid', 'address:shipping', 'contact:email']);
    expect(consent?.get('purpose')).toBe('order_delivery');
  });

  it('shows the address live, and the refusal of the e-mail address with its code', async () => {
    const { text } = await browser.open(await placeOrder());
    expect(text).toContain('data-attribute="address:shipping" data-state="shared"');
    expect(text).toContain('<span>Back house</span><span>10999 Sampleton</span><span>Germany</span>');
    expect(text).toContain('data-attribute="contact:email" data-state="refused"');
    expect(text).toContain('<code>consent_required</code>');
  });

  it('stores the order under the code and not one word of the address', async () => {
    const { text } = await browser.open(await placeOrder());
    expect(text).toContain(`<td data-column="user_ref">${userRef}</td>`);
    const database = await readFile(join(folder, 'shop.sqlite'));
    expect(database.includes(userRef)).toBe(true);
    for (const word of ['Example', 'Sampleton', 'Amber', '10999'])
      expect(database.includes(word)).toBe(false);
  });

  it('says what is missing when nothing was ticked, and orders nothing', async () => {
    await signIn();
    await browser.submit('/basket/mountain-oolong/add');
    const { status, text } = await browser.open('/checkout');
    expect(status).toBe(403);
    expect(text).toContain('We need somewhere to send it');
    expect((await browser.open('/orders')).text).toContain('No orders yet');
  });

  it('asks again after a refusal, but only when the person wants it', async () => {
    await signIn();
    await browser.submit('/basket/mountain-oolong/add');
    await browser.open('/checkout');
    const asked = core.asked.length;
    expect((await browser.open('/checkout')).status).toBe(403);
    expect(core.asked.length).toBe(asked);
    core.ticks = { 'address:shipping': address };
    const { url, text } = await browser.open('/checkout/share');
    expect(url).toBe(`${shop.url}/checkout`);
    expect(text).toContain('17 Example Lane');
  });

  it('lets the person share for an order again, and come back to it', async () => {
    const order = await placeOrder();
    core.shared = {};
    const { url, text } = await browser.open(`${order}/share`);
    expect(url).toBe(order);
    expect(text).toContain('17 Example Lane');
  });

  it('shows an order without its address once sharing has stopped', async () => {
    const order = await placeOrder();
    core.shared = {};
    const { text } = await browser.open(order);
    expect(text).toContain('data-attribute="address:shipping" data-state="refused"');
    expect(text).not.toContain('Example Lane');
  });

  it('writes what the vault says as text, never as markup', async () => {
    core.ticks = { 'address:shipping': { ...address, locality: '<b>Sampleton</b>' } };
    await signIn();
    await browser.submit('/basket/mountain-oolong/add');
    const { text } = await browser.open('/checkout');
    expect(text).toContain('&lt;b&gt;Sampleton');
    expect(text).not.toContain('<b>Sampleton');
  });
});

describe('withdrawal', () => {
  it('flips the open page and ends the session at once', async () => {
    const order = await placeOrder();
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
    const live = await fetch(`${shop.url}/live`, { headers: { cookie } });
    const heard = live.text();
    expect((await deliver('access.revoked', { reason: 'withdrawn' })).status).toBeLessThan(300);
    expect(await heard).toContain('event: signed-out\ndata: {"reason":"withdrawn"}');

    const { status, text } = await browser.open(order);
    expect(status).toBe(401);
    expect(text).toContain('Sign in to see this');
    expect(text).not.toContain('Example Lane');
  });

  it('leaves other people signed in', async () => {
    await signIn();
    await deliver('access.revoked', { user_ref: `ppid_${'z'.repeat(26)}`, reason: 'withdrawn' });
    expect((await browser.open('/')).text).toContain(userRef);
  });

  it('is remembered after a restart', async () => {
    await signIn();
    await deliver('session.revoked', { sid: 'session-1', reason: 'withdrawn' });
    const port = Number(new URL(shop.url).port);
    await shop.close();
    shop = await startShop({ port });
    expect((await browser.open('/')).text).not.toContain(userRef);
  });

  it('tells a page that comes back late that it is signed out', async () => {
    const live = await fetch(`${shop.url}/live`);
    expect(await live.text()).toContain('event: signed-out\ndata: {"reason":"ended"}');
  });

  it('believes no webhook with a false signature', async () => {
    await signIn();
    const forged = signedWebhook({
      type: 'access.revoked',
      data: { user_ref: userRef, reason: 'withdrawn' },
    });
    const headers = { ...forged.headers, 'webhook-signature': `v1,${'A'.repeat(43)}=` };
    const response = await fetch(`${shop.url}/userref/webhook`, { ...forged, headers });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect((await browser.open('/')).text).toContain(userRef);
  });
});

describe('trouble', () => {
  it('stays friendly when the person cancels', async () => {
    core.refusal = 'access_denied';
    const { status, text } = await signIn();
    expect(status).toBe(403);
    expect(text).toContain('Sign-in was cancelled');
  });

  it('stays open when the login service is down, and recovers by itself', async () => {
    const dead = await startShop({ databaseFile: ':memory:', issuer: 'http://localhost:9' });
    const visitor = createBrowser(dead.url);
    expect((await visitor.open('/')).status).toBe(200);
    const { status, text, headers } = await visitor.open('/userref/login');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(text).toContain('We cannot reach the login service');
    await dead.close();
  });

  it('signs people out by a form only', async () => {
    await signIn();
    await browser.open('/userref/logout');
    expect((await browser.open('/')).text).toContain(userRef);
    await browser.submit('/userref/logout');
    expect((await browser.open('/')).text).not.toContain(userRef);
  });

  it('has a page for what is not there', async () => {
    expect((await browser.open('/nowhere')).status).toBe(404);
    await signIn();
    expect((await browser.open('/orders/KL-NOTTHERE')).status).toBe(404);
  });
});
