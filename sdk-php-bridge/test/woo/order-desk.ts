import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Browser } from '../../../hosted-core/test/support/browser.ts';
import { startTestShop, type TestShop, type Visitor } from './test-shop.ts';

/** Orders of members, and somebody of the shop who works with them. */
export interface OrderDesk {
  readonly shop: TestShop;
  /** A member orders; gives the member and the order's id. */
  newOrder(product?: string): Promise<{ visitor: Visitor; id: number }>;
  /** Everything that was mailed so far. */
  mails(): string;
  /** The latest order is on its way. */
  complete(): Promise<unknown>;
  /** The page that opens records, as the administrator gets it. */
  page(query: string, init?: RequestInit): Promise<Response>;
  /** Opens a record of the latest order: asks, and posts the reason. */
  openRecord(record: string, reason: string): Promise<Response>;
  /** Runs PHP as the administrator, with `$order`. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every kind
  asStaff(php: string): Promise<any>;
}

/** Starts the shop before the tests of this file; after each of them it is as if nothing had been bent or set. */
export function useOrderDesk(): OrderDesk {
  const shop = {} as TestShop;
  let staff: Browser;
  let id = 0;
  beforeAll(async () => {
    Object.assign(shop, await startTestShop());
    staff = await shop.administrator();
  }, 120_000);
  afterAll(() => shop.stop?.());
  afterEach(async () => {
    shop.core.bends.replies = {};
    await shop.ask(`return delete_option('userref_woo');`);
  });
  const page = (query: string, init?: RequestInit) =>
    staff.fetch(`${shop.site.url}/wp-admin/admin-post.php?action=userref_open_record&${query}`, init);
  return {
    shop,
    page,
    async newOrder(product = 'mug') {
      const visitor = await shop.member();
      await visitor.putIntoCart(product);
      const { body } = await visitor.orderClassic();
      if (body.result !== 'success') throw new Error(`No order: ${JSON.stringify(body)}`);
      id = Number((await shop.lastOrder())['id']);
      return { visitor, id };
    },
    mails: () => readFileSync(shop.site.logs.mail, 'utf8'),
    complete: () => shop.ask(`wc_get_order(${id})->update_status('completed'); return 1;`),
    async openRecord(record, reason) {
      const ask = await (await page(`order=${id}&record=${record}`)).text();
      const nonce = /name="_wpnonce" value="(\w+)"/.exec(ask)?.[1] ?? '';
      const body = new URLSearchParams({ _wpnonce: nonce, reason });
      return page(`order=${id}&record=${record}`, { method: 'POST', body });
    },
    asStaff: (php) => shop.ask(`wp_set_current_user(1); $order = wc_get_order(${id}); ${php}`),
  };
}

/** An answer of the core that refuses. */
export function refuse(code: string, status: number): () => Response {
  const body = JSON.stringify({ type: 'about:blank', title: code, status, code, retryable: false });
  return () => new Response(body, { status, headers: { 'content-type': 'application/problem+json' } });
}

/** Data of the event that takes back what an order was made with. */
export function withdrawn({ userRef }: Visitor): Record<string, unknown> {
  return {
    user_ref: userRef,
    consent_id: `con_${'a'.repeat(26)}`,
    attributes: ['address:shipping', 'contact:email', 'profile:name'],
    purpose: 'order_delivery',
  };
}
