import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { createShop, type Shop, type ShopOptions } from '../../src/index.ts';
import { type Browser, createBrowser, type Visit } from './browser.ts';
import { type FakeCore, signedWebhook, startFakeCore, userRef, webhookSecret } from './fake-core.ts';

export const address = {
  recipient: 'Sample Person Amber',
  street_address: '17 Example Lane\nBack house',
  postal_code: '10999',
  locality: 'Sampleton',
  country: 'DE',
};

/** A shop with its core and a visitor, new for each test. */
export class TestShop {
  core!: FakeCore;
  shop!: Shop;
  browser!: Browser;
  #folder = '';
  #unexpected: unknown[] = [];

  async open(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'shop-test-'));
    this.#unexpected = [];
    this.core = await startFakeCore();
    this.shop = await this.start();
    this.browser = createBrowser(this.shop.url);
  }

  /** Ends everything, and fails when the shop met an error that it did not expect. */
  async close(): Promise<void> {
    await this.shop.close();
    await this.core.close();
    await rm(this.#folder, { recursive: true });
    expect(this.#unexpected).toEqual([]);
  }

  /** Another shop on the same files, unless told otherwise. */
  start(options: Partial<ShopOptions> = {}): Promise<Shop> {
    return createShop({
      brand: 'kettle-and-leaf',
      port: 0,
      issuer: this.core.issuer,
      site: this.core.site,
      siteSecret: 'secret-of-the-shop',
      webhookSecret,
      sessionSecret: 'a session secret with more than 32 characters',
      databaseFile: join(this.#folder, 'shop.sqlite'),
      logFile: join(this.#folder, 'shop.log'),
      onUnexpectedError: (error) => this.#unexpected.push(error),
      ...options,
    });
  }

  /** Stops the shop and starts it again at the same address. */
  async restart(): Promise<void> {
    const port = Number(new URL(this.shop.url).port);
    await this.shop.close();
    this.shop = await this.start({ port });
  }

  signIn(): Promise<Visit> {
    return this.browser.open('/userref/login');
  }

  /** Signs in, shares the address and orders; resolves to the order's page. */
  async placeOrder(): Promise<string> {
    this.core.ticks = { 'address:shipping': address };
    await this.signIn();
    await this.browser.submit('/basket/mountain-oolong/add');
    await this.browser.open('/checkout');
    return (await this.browser.submit('/orders')).url;
  }

  /** A signed webhook about the visitor. */
  deliver(type: string, data: object): Promise<Response> {
    const event = { type, data: { user_ref: userRef, ...data } };
    return fetch(`${this.shop.url}/userref/webhook`, signedWebhook(event));
  }

  readFile(name: 'shop.sqlite' | 'shop.log'): Promise<Buffer> {
    return readFile(join(this.#folder, name));
  }
}

export function useTestShop(): TestShop {
  const test = new TestShop();
  beforeEach(() => test.open());
  afterEach(() => test.close());
  return test;
}
