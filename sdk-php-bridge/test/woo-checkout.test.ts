import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { ensurePhp } from './support/php.ts';
import { blockAddress, type Canaries, formFields, sharedValues } from './woo/canaries.ts';
import { searchSite, startTestShop, type TestShop, type Visitor } from './woo/test-shop.ts';

const OLD_ADDRESS = '/wp-admin/admin-ajax.php?action=woocommerce_checkout';
const problem = ensurePhp() ?? ensureWordPress();

/** WooCommerce is a stand-in (see woo/README.md); WordPress, MariaDB, PHP, bridge and plug-in are real. */
describe.skipIf(problem !== undefined)('a WooCommerce shop, and what it stores', () => {
  let shop: TestShop;
  const found = async ({ all }: Canaries) => {
    const report = await searchSite(shop.site, all);
    expect(report.positiveControlFound).toBe(report.positiveControlPlanted);
    return [...new Set(report.hits.map(({ canaryIndex }) => canaryIndex))].sort((a, b) => a - b);
  };

  beforeAll(async () => {
    shop = await startTestShop();
  }, 120_000);
  afterAll(() => shop?.stop());

  it.each([
    ['the classic checkout', (one: Visitor) => one.orderClassic()],
    ['the Checkout block', (one: Visitor) => one.orderByBlock()],
  ])(
    'of guests it stores everything that they type into %s: the searches below can fail',
    async (_name, order) => {
      const visitor = shop.guest();
      await visitor.putIntoCart();
      expect((await order(visitor)).status).toBe(200);
      expect(await found(visitor.person)).toEqual(visitor.person.all.map((_value, index) => index));
    },
  );

  it.each([
    ['who are not connected', ''],
    ['who are connected and signed in by their password', `ppid_${'d'.repeat(26)}`],
  ])(
    'of users with an account of their own, %s, it stores what WooCommerce stores',
    async (_who, userRef) => {
      const visitor = shop.guest();
      await shop.signInByPassword(visitor, userRef);
      await visitor.putIntoCart();
      expect((await visitor.orderClassic()).body).toMatchObject({ result: 'success' });
      expect((await found(visitor.person)).length).toBe(visitor.person.all.length);
    },
  );

  it.each([
    ['the classic checkout', (one: Visitor) => one.orderClassic()],
    ['the classic checkout by admin-ajax', (one: Visitor) => one.orderClassic({}, OLD_ADDRESS)],
    ['the Checkout block', (one: Visitor) => one.orderByBlock()],
    ['the Checkout block in a batch', (one: Visitor) => one.orderInBatch()],
  ])('of members it stores nothing when %s posts every field', async (_name, order) => {
    const visitor = await shop.member();
    await visitor.putIntoCart();
    const { status, body } = await order(visitor);
    expect(status, JSON.stringify(body)).toBeLessThan(300);
    expect(JSON.stringify(body)).toContain('success');
    expect(await shop.lastOrder()).toMatchObject({
      status: 'processing',
      email: `${visitor.userRef}@users.invalid`,
    });
    expect(await found(visitor.person)).toEqual([]);
  });

  it('of members it stores nothing that other requests of a checkout carry', async () => {
    const visitor = await shop.member();
    await visitor.putIntoCart();
    const nonce = await visitor.storeNonce();
    const { person } = visitor;
    const addresses = {
      billing_address: { ...blockAddress(person, 'billing'), 'shop/door-code': person.note },
      shipping_address: blockAddress(person, 'shipping'),
    };
    const answers = [
      await visitor.store('/checkout', { method: 'GET' }),
      await visitor.store('/cart/update-customer', { nonce, body: addresses }),
      await visitor.store(`/cart/update-customer?${query(addresses)}`, { nonce, body: {} }),
      await visitor.store('/checkout', { method: 'PUT', nonce, body: { order_notes: person.note } }),
      await visitor.store('/batch', {
        nonce,
        body: {
          requests: [
            { path: '/wc/store/v1/cart/update-customer', body: addresses, headers: { nonce } },
            { path: `/wc/store/v1/cart/update-customer?${query(addresses)}`, body: {}, headers: { nonce } },
          ],
        },
      }),
      await visitor.reviewOrder(),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 207, 200]);
    expect(await found(person)).toEqual([]);
  });

  it('of members it stores nothing that plug-ins of the Cart block send along', async () => {
    const visitor = await shop.member();
    await visitor.putIntoCart();
    const nonce = await visitor.storeNonce();
    const data = { street: visitor.person.street };
    const path = '/wc/store/v1/cart/extensions';
    const requests = [
      { path, body: { namespace: 'carrier', data }, headers: { nonce } },
      { path: `${path}?namespace=carrier`, body: { data }, headers: { nonce } },
      { path: `${path}?${query({ data })}`, body: { namespace: 'carrier' }, headers: { nonce } },
    ];
    const answers = [
      await visitor.store('/cart/extensions', { nonce, body: { namespace: 'carrier', data } }),
      await visitor.store('/batch', { nonce, body: { requests } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 207]);
    expect(await found(visitor.person)).toEqual([]);
    const guest = shop.guest();
    await guest.putIntoCart();
    const body = { namespace: 'carrier', data: { street: guest.person.street } };
    await guest.store('/cart/extensions', { nonce: await guest.storeNonce(), body });
    expect(await found(guest.person)).toContain(2);
  });

  it('WooCommerce’s Fraud Protection is off for members alone', async () => {
    const { userRef } = await shop.member();
    const isOn = await shop.ask(`
      update_option('woocommerce_feature_fraud_protection_enabled', 'yes');
      return array_map(function (int $id): string {
        wp_set_current_user($id);
        return get_option('woocommerce_feature_fraud_protection_enabled');
      }, [get_user_by('login', '${userRef}')->ID, 0, 1]);`);
    expect(isOn).toEqual(['no', 'yes', 'yes']);
  });

  it('of a guest who signs in it keeps the cart, and nothing of what they had typed', async () => {
    const visitor = shop.guest();
    const { person } = visitor;
    await visitor.putIntoCart();
    const nonce = await visitor.storeNonce();
    const body = {
      billing_address: blockAddress(person, 'billing'),
      shipping_address: blockAddress(person, 'shipping'),
    };
    expect((await visitor.store('/cart/update-customer', { nonce, body })).status).toBe(200);
    const draft = (await visitor.store('/checkout', { method: 'GET' })).body.order_id;
    await visitor.store('/checkout', { method: 'PUT', nonce, body: { order_notes: person.note } });
    expect(await found(person)).not.toEqual([]);
    shop.core.consented = sharedValues(person);
    const stopAt = `${shop.site.url}/userref/callback`;
    const { url } = await visitor.browser.open(`${shop.site.url}/userref/login`, { stopAt });
    expect((await visitor.open(`${url.pathname}${url.search}`)).status).toBe(303);
    expect(await found(person)).toEqual([]);
    expect(await shop.site.sql(`select count(*) from wp_wc_orders where id = ${draft}`)).toMatch(/^0/);
    await visitor.store('/checkout', { method: 'GET' });
    expect(await found(person)).toEqual([]);
    expect((await visitor.store('/cart', { method: 'GET' })).body.items).toEqual(['mug']);
    expect((await visitor.orderByBlock()).status).toBe(200);
    expect(await found(person)).toEqual([]);
  });

  it('of members it stores nothing that the forms of My account post', async () => {
    const visitor = await shop.member();
    const { person } = visitor;
    const post = (fields: Record<string, string>) =>
      visitor.open('/', { method: 'POST', body: new URLSearchParams(fields) });
    await post({ action: 'edit_address', ...formFields(person, 'billing'), billing_vat: person.note });
    const [first = '', last = ''] = person.name.split(' ');
    const account = { account_first_name: first, account_last_name: last, account_email: person.email };
    await post({ action: 'save_account_details', ...account });
    expect(await found(person)).toEqual([]);
  });

  it('of members it stores nothing that plug-ins put into accounts and sessions behind the forms', async () => {
    const visitor = await shop.member();
    const value = JSON.stringify(visitor.person.street);
    const stored = await shop.ask(`
      $id = get_users(['search' => '${visitor.userRef}', 'fields' => 'ID'])[0];
      wp_set_current_user($id);
      $customer = new WC_Customer($id);
      $customer->set_billing_address_1(${value});
      $customer->set_first_name(${value});
      $customer->update_meta_data('billing_door', ${value});
      $customer->save();
      update_user_meta($id, 'shipping_city', ${value});
      add_user_meta($id, 'billing_fax', ${value});
      add_user_meta($id, '_additional_fields', ['shop/text' => ${value}]);
      $session = new WC_Customer($id, true);
      $session->set_shipping_city(${value});
      $session->update_meta_data('_wc_other/door', ${value});
      $session->save();
      WC()->session->save_data();
      $order = new WC_Order();
      $order->set_customer_id($id);
      $order->set_shipping_address_1(${value});
      $order->set_billing_email('someone@sample.example');
      $order->update_meta_data('_billing_door', ${value});
      $order->update_meta_data('_additional_fields', ['shop/text' => ${value}, 'shop/newsletter' => true]);
      $order->save();
      return [WC()->session->get('customer')['shipping_city'], $order->get_billing_email(),
        $order->get_meta('_additional_fields')];`);
    const fields = { 'shop/text': 'Sealed', 'shop/newsletter': true };
    expect(stored).toEqual(['Sealed', `${visitor.userRef}@users.invalid`, fields]);
    expect(await found(visitor.person)).toEqual([]);
  });

  it('orders of members know nothing of where a request came from', async () => {
    const visitor = await shop.member();
    await visitor.putIntoCart();
    await visitor.orderClassic();
    expect(await shop.lastOrder()).toMatchObject({ ip: '', agent: '', note: '' });
  });

  it('fields of the shop’s own keep choices and no text', async () => {
    const visitor = await shop.member();
    await visitor.putIntoCart();
    await visitor.orderClassic();
    expect((await shop.lastOrder())['meta']).toMatchObject({
      _gift_text: '',
      _gift_wrap: 'paper',
      '_wc_other/shop/text': 'Sealed',
      '_wc_other/shop/newsletter': '1',
    });
    await visitor.putIntoCart();
    await visitor.orderByBlock();
    expect((await shop.lastOrder())['meta']).toMatchObject({
      '_wc_other/shop/gift-text': 'Sealed',
      '_wc_other/shop/newsletter': '1',
      '_wc_other/shop/wrap': 'paper',
      '_wc_shipping/shop/door-code': 'Sealed',
    });
  });

  it('so do fields that the checkout itself does not know of', async () => {
    const visitor = await shop.member();
    await visitor.putIntoCart();
    const { text } = await visitor.open('/checkout/');
    expect(text).toContain('<input type="hidden" name="shop_engraving" value="Sealed">');
    expect(text).toContain('<input name="shop_colour">');
    await shop.ask(`update_option('test_engraves', true);`);
    const { body } = await visitor.orderClassic();
    await shop.ask(`delete_option('test_engraves');`);
    expect(body).toMatchObject({ result: 'success' });
    expect((await shop.lastOrder())['meta']).toMatchObject({
      _shop_engraving: 'Sealed',
      _shop_colour: 'red',
    });
    expect(await found(visitor.person)).toEqual([]);
  });

  it('declares itself fit for order tables and for the Checkout block', async () => {
    const declared = 'Automattic\\WooCommerce\\Utilities\\FeaturesUtil::$declared';
    expect(await shop.ask(`return ${declared};`)).toEqual({
      custom_order_tables: true,
      cart_checkout_blocks: true,
    });
  });
});

function query(addresses: Record<string, Record<string, string>>): string {
  const pairs = Object.entries(addresses).flatMap(([name, fields]) =>
    Object.entries(fields).map(([field, value]): [string, string] => [`${name}[${field}]`, value]),
  );
  return new URLSearchParams(pairs).toString();
}
