import type { Browser } from '../../../hosted-core/test/support/browser.ts';
import { blockAddress, type Canaries, formFields } from './canaries.ts';

export interface JsonAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every route
  readonly body: any;
}

/** One visitor of the shop, with a browser and an IP address that a search would find. */
export class Visitor {
  readonly #url: string;
  readonly browser: Browser;
  readonly person: Canaries;
  /** Of those who are signed in through Userref. */
  userRef = '';

  constructor(url: string, { browser, person }: { browser: Browser; person: Canaries }) {
    this.#url = url;
    this.browser = browser;
    this.person = person;
  }

  async open(
    path: string,
    init: RequestInit = {},
  ): Promise<{ status: number; text: string; headers: Headers }> {
    const headers = { ...this.person.headers, ...(init.headers as Record<string, string> | undefined) };
    const response = await this.browser.fetch(`${this.#url}${path}`, { ...init, headers });
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  async putIntoCart(product = 'mug'): Promise<void> {
    await this.open(`/?add-to-cart=${product}`);
  }

  /** Posts the classic checkout as a page with all of WooCommerce's own fields would. */
  async orderClassic(more: Record<string, string> = {}, path = '/?wc-ajax=checkout'): Promise<JsonAnswer> {
    const { text } = await this.open('/checkout/');
    const body = new URLSearchParams({
      'woocommerce-process-checkout-nonce': /data-nonce="(\w+)"/.exec(text)?.[1] ?? '',
      payment_method: 'test',
      ship_to_different_address: '1',
      ...formFields(this.person, 'billing'),
      ...formFields(this.person, 'shipping'),
      order_comments: this.person.note,
      billing_vat: this.person.note,
      gift_text: this.person.note,
      gift_wrap: 'paper',
      shop_engraving: this.person.note,
      shop_colour: 'red',
      '_wc_other/shop/text': this.person.note,
      '_wc_other/shop/newsletter': '1',
      wc_order_attribution_user_agent: this.person.headers['user-agent'] ?? '',
      ...more,
    });
    return json(await this.open(path, { method: 'POST', body }));
  }

  /** The nonce that the Checkout block's page has. */
  async storeNonce(): Promise<string> {
    const { text } = await this.open('/checkout-block/');
    return /data-nonce="(\w+)"/.exec(text)?.[1] ?? '';
  }

  async store(
    path: string,
    { method = 'POST', body, nonce }: { method?: string; body?: unknown; nonce?: string } = {},
  ): Promise<JsonAnswer> {
    return json(
      await this.open(`/wp-json/wc/store/v1${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...(nonce !== undefined && { nonce }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
  }

  /** Posts what the Checkout block posts. */
  async orderByBlock(more: Record<string, unknown> = {}): Promise<JsonAnswer> {
    const nonce = (await this.storeNonce()) || (await this.openNonce());
    return this.store('/checkout', { nonce, body: { ...this.blockBody(), ...more } });
  }

  async orderInBatch(): Promise<JsonAnswer> {
    const nonce = await this.openNonce();
    const part = { path: '/wc/store/v1/checkout', body: this.blockBody(), headers: { nonce } };
    return this.store('/batch', { nonce, body: { requests: [part] } });
  }

  /**
   * What `checkout.js` posts when a page of the classic checkout opens and with each change on it: what is in its
   * fields, and empty texts where it has none.
   */
  async reviewOrder({ hasFields = true } = {}): Promise<JsonAnswer> {
    const { person } = this;
    const fields = { country: 'EE', postcode: person.postcode, city: person.city, address: person.street };
    const names = ['country', 'state', 'postcode', 'city', 'address', 'address_2'] as const;
    const body = new URLSearchParams({ has_full_address: 'true' });
    for (const name of names) {
      const value = hasFields ? (fields[name as keyof typeof fields] ?? '') : '';
      body.set(name, value);
      body.set(`s_${name}`, value);
    }
    body.set('post_data', new URLSearchParams(hasFields ? formFields(person, 'billing') : {}).toString());
    return json(await this.open('/?wc-ajax=update_order_review', { method: 'POST', body }));
  }

  blockBody(): Record<string, unknown> {
    const { person } = this;
    return {
      billing_address: { ...blockAddress(person, 'billing'), 'shop/door-code': person.note },
      shipping_address: { ...blockAddress(person, 'shipping'), 'shop/door-code': person.note },
      customer_note: person.note,
      payment_method: 'test',
      additional_fields: { 'shop/gift-text': person.note, 'shop/newsletter': true, 'shop/wrap': 'paper' },
      extensions: { 'woocommerce/order-attribution': { user_agent: person.headers['user-agent'] } },
      payment_data: [
        { key: 'billing_email', value: person.email },
        { key: 'token', value: 'tok_1' },
      ],
    };
  }

  /** A nonce without the page, as an old page would have kept one. */
  async openNonce(): Promise<string> {
    const { text } = await this.open('/?test-nonce=1');
    return text;
  }
}

function json({ status, text }: { status: number; text: string }): JsonAnswer {
  try {
    return { status, body: JSON.parse(text) };
  } catch {
    throw new Error(`No JSON but ${status}: ${text.slice(0, 2000)}`);
  }
}
