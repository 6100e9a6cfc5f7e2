import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { ensurePhp } from './support/php.ts';
import { sharedValues } from './woo/canaries.ts';
import { searchSite, startTestShop, type TestShop, type Visitor } from './woo/test-shop.ts';

const problem = ensurePhp() ?? ensureWordPress();

/** What can not be delivered or sealed is neither ordered nor paid. */
describe.skipIf(problem !== undefined)('a WooCommerce shop refuses', () => {
  let shop: TestShop;
  const without =
    (...names: string[]) =>
    (person: Parameters<typeof sharedValues>[0]) =>
      Object.fromEntries(Object.entries(sharedValues(person)).filter(([name]) => !names.includes(name)));
  const paid = () => shop.ask(`return count((array) get_option('test_paid_orders', []));`);
  const orders = () => shop.site.sql(`select count(*) from wp_wc_orders where status <> 'checkout-draft'`);
  const refuse =
    (code: string, status = 403) =>
    () =>
      new Response(
        JSON.stringify({ type: 'about:blank', title: code, status, code, retryable: status >= 500 }),
        { status, headers: { 'content-type': 'application/problem+json' } },
      );

  beforeAll(async () => {
    shop = await startTestShop();
  }, 120_000);
  afterAll(() => shop?.stop());
  afterEach(async () => {
    shop.core.bends.replies = {};
    await shop.ask(`return delete_option('userref_woo');`);
  });

  const ways: [string, (one: Visitor) => Promise<string>][] = [
    ['the classic checkout', async (one) => (await one.orderClassic()).body.messages ?? 'ordered'],
    ['the Checkout block', async (one) => (await one.orderByBlock()).body.message ?? 'ordered'],
  ];

  describe.each(ways)('in %s', (_name, order) => {
    it.each([
      ['who share no address', 'mug', ['address:shipping']],
      ['who share no country, for what is not delivered', 'download-song', ['address:country']],
    ])('members %s', async (_who, product, names) => {
      const before = [await paid(), await orders()];
      const visitor = await shop.member(without(...names));
      await visitor.putIntoCart(product);
      expect(await order(visitor)).toMatch(/do not share with this shop/);
      expect([await paid(), await orders()]).toEqual(before);
    });

    it('nobody who shares the address and not the country: it is that of the address', async () => {
      const visitor = await shop.member(without('address:country'));
      await visitor.putIntoCart();
      expect(await order(visitor)).toBe('ordered');
      expect(await shop.lastOrder()).toMatchObject({ shipping: { country: 'EE', city: 'Sealed' } });
    });

    it('members who stop sharing between the look at the checkout and the order', async () => {
      const before = [await paid(), await orders()];
      const visitor = await shop.member();
      await visitor.putIntoCart();
      await visitor.open('/checkout/');
      // The answer to the live fetch is still on its way; the cell seals no more.
      shop.core.bends.replies['seal'] = refuse('consent_required');
      expect(await order(visitor)).toMatch(/do not share with this shop/);
      expect([await paid(), await orders()]).toEqual(before);
    });

    it('everybody when nothing can be sealed, and says that nothing was paid', async () => {
      const before = [await paid(), await orders()];
      const visitor = await shop.member();
      await visitor.putIntoCart();
      shop.core.bends.replies['seal'] = refuse('service_unavailable', 503);
      expect(await order(visitor)).toMatch(/nothing was paid/);
      expect([await paid(), await orders()]).toEqual(before);
      const { hits } = await searchSite(shop.site, visitor.person.all);
      expect(hits).toEqual([]);
      shop.core.bends.replies = {};
      expect(await order(visitor)).toBe('ordered');
    });

    it('members who share nothing for the record that the shop must keep', async () => {
      await shop.ask(`return update_option('userref_woo', ['invoice_purpose' => 'legal_invoice']);`);
      const before = [await paid(), await orders()];
      const visitor = await shop.member(without('address:billing'));
      await visitor.putIntoCart();
      expect(await order(visitor)).toMatch(/do not share with this shop/);
      expect([await paid(), await orders()]).toEqual(before);
    });

    it('nobody who buys what is not delivered and shares the country alone', async () => {
      const visitor = await shop.member(() => ({ 'address:country': 'EE' }));
      await visitor.putIntoCart('download-song');
      expect(await order(visitor)).toBe('ordered');
      expect(Object.keys((await shop.lastOrder())['meta'] as object)).not.toContain(
        '_userref_sealed_shipping',
      );
    });
  });

  it('orders that another plug-in made, before they are paid', async () => {
    const visitor = await shop.member();
    await visitor.putIntoCart();
    const before = await paid();
    await shop.ask(`return update_option('test_foreign_order', 1);`);
    shop.core.bends.replies['seal'] = refuse('service_unavailable', 503);
    expect((await visitor.orderClassic()).body.messages).toMatch(/nothing was paid/);
    expect(await paid()).toBe(before);
    shop.core.bends.replies = {};
    expect((await visitor.orderClassic()).body).toMatchObject({ result: 'success' });
    expect(Object.keys((await shop.lastOrder())['meta'] as object)).toContain('_userref_sealed_shipping');
    await shop.ask(`return delete_option('test_foreign_order');`);
  });

  it('to take money for an older order while nothing can be sealed', async () => {
    const visitor = await shop.member();
    const id = await shop.ask(`
      $user = get_users(['search' => '${visitor.userRef}', 'fields' => 'ID'])[0];
      $order = new WC_Order();
      $order->set_customer_id((int) $user);
      $order->set_items(['line_item' => ['mug'], 'shipping' => ['Parcel']]);
      $order->set_total('25');
      return $order->save();`);
    const pay = () =>
      visitor.open(`/?pay=${id}`, { method: 'POST', body: new URLSearchParams({ woocommerce_pay: '1' }) });
    shop.core.bends.replies['seal'] = refuse('service_unavailable', 503);
    await pay();
    expect(await shop.lastOrder()).toMatchObject({ id, paid: false });
    shop.core.bends.replies = {};
    await visitor.open('/checkout/');
    await pay();
    expect(await shop.lastOrder()).toMatchObject({ id, paid: true, status: 'processing' });
  });

  it('visitors whose session has ended, and does not take them for guests', async () => {
    const visitor = await shop.member();
    await visitor.putIntoCart();
    const nonce = await visitor.storeNonce();
    const before = [await paid(), await orders()];
    await shop.sendEvent('access.revoked', {
      user_ref: visitor.userRef,
      reason: 'disconnected_by_person',
    });
    const answer = await visitor.store('/checkout', { nonce, body: visitor.blockBody() });
    expect(answer.status).toBe(403);
    expect([await paid(), await orders()]).toEqual(before);
  });

  describe('and its page', () => {
    it('shows what is shared live, and keeps no field of it', async () => {
      const visitor = await shop.member();
      await visitor.putIntoCart();
      for (const path of ['/checkout/', '/checkout-block/']) {
        const { text, headers } = await visitor.open(path);
        expect(headers.get('cache-control')).toContain('no-store');
        for (const value of [visitor.person.street, visitor.person.city, visitor.person.email]) {
          expect(text).toContain(value);
        }
        expect(text).not.toContain('name="billing_first_name"');
        expect(text).not.toContain('name="order_comments"');
        expect(text).not.toContain('data-block-name="order-note"');
      }
      const { text } = await shop.guest().open('/checkout/');
      expect(text).toContain('name="billing_first_name"');
    });

    it('offers a way to share what is missing, and comes back', async () => {
      const visitor = await shop.member(without('address:shipping'));
      await visitor.putIntoCart();
      for (const path of ['/checkout/', '/checkout-block/']) {
        const { text } = await visitor.open(path);
        const link = /href="([^"]*userref\/login[^"]*)"/.exec(text)?.[1]?.replaceAll('&#038;', '&') ?? '';
        const asked = new URL(link, shop.site.url).searchParams;
        expect(asked.get('return_to')).toBe('/checkout/');
        expect(asked.get('purpose')).toBe('order_delivery');
        expect(asked.get('attributes')?.split(',')).toEqual([
          'address:shipping',
          'address:country',
          'profile:name',
          'contact:email',
        ]);
      }
      shop.core.person.attributes = sharedValues(visitor.person);
      shop.core.person.shares = true;
      const { text } = await visitor.open('/checkout/');
      const link = /href="([^"]*userref\/login[^"]*)"/.exec(text)?.[1]?.replaceAll('&#038;', '&') ?? '';
      const { url } = await visitor.browser.open(new URL(link, shop.site.url).href);
      expect(url.pathname).toBe('/checkout/');
      expect((await visitor.open('/checkout/')).text).toContain(visitor.person.street);
    });

    it('leaves the pages that show and pay an order alone, whatever is shared by then', async () => {
      const visitor = await shop.member(without('address:shipping', 'address:country'));
      for (const endpoint of ['order-received', 'order-pay']) {
        for (const page of ['checkout', 'checkout-block']) {
          const { text } = await visitor.open(`/${page}/?${endpoint}=1`);
          expect(text).toContain('class="woocommerce-order"');
          expect(text).not.toContain('userref-delivery');
        }
      }
    });

    it('leads from My account to My data, where WooCommerce has forms', async () => {
      await shop.ask(`
        update_option('userref_woo', ['my_data_url' => 'https://cell.example/account']);
        return wp_insert_post(['post_type' => 'page', 'post_status' => 'publish', 'post_name' => 'my-addresses',
          'post_title' => 'x', 'post_content' => '[test_edit_address]']);`);
      const { text } = await (await shop.member()).open('/my-addresses/');
      expect(text).toContain('href="https://cell.example/account"');
      expect(text).not.toContain('name="billing_first_name"');
      expect((await shop.guest().open('/my-addresses/')).text).toContain('name="billing_first_name"');
    });

    it('keeps what members write to the shop only where the shop says so, with a warning', async () => {
      await shop.ask(`return update_option('userref_woo', ['keep_notes' => 'yes']);`);
      const visitor = await shop.member();
      await visitor.putIntoCart();
      expect((await visitor.open('/checkout/')).text).toContain('name="order_comments"');
      await visitor.orderClassic();
      expect(await shop.lastOrder()).toMatchObject({ note: visitor.person.note });
    });
  });
});
