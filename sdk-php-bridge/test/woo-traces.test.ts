import { beforeAll, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { ensurePhp } from './support/php.ts';
import { blockAddress, type Canaries, formFields, newCanaries } from './woo/canaries.ts';
import { useOrderDesk } from './woo/order-desk.ts';
import { searchSite, uploadOf, Visitor } from './woo/test-shop.ts';

const problem = ensurePhp() ?? ensureWordPress();

/** A shop that has everything on that WooCommerce has: see woo/README.md for what stands behind each path. */
describe.skipIf(problem !== undefined)('WooCommerce, with all that it keeps, logs and sends', () => {
  const { shop, newOrder, asStaff } = useOrderDesk();
  const hits = async ({ all }: Canaries) => (await searchSite(shop.site, all)).hits;
  /** Where it was found, by the values' place among the canaries. */
  const found = async (person: Canaries, place: string) =>
    (await hits(person)).filter((hit) => hit.place === place).map(({ canaryIndex }) => canaryIndex);
  const [STREET, EMAIL, BROWSER, ADDRESS] = [2, 5, 8, 9];
  /** As somebody who is not signed in, with the same browser at the same place. */
  const signedOut = ({ person }: Visitor) => new Visitor(shop.site.url, { browser: new Browser(), person });
  const pending = (id: number) =>
    shop.ask(`wc_get_order(${id})->update_status('failed');
    return wc_get_order(${id})->get_order_key();`);

  beforeAll(async () => {
    await shop.ask(`
      update_option('test_is_integrated', 1);
      update_option('woocommerce_allow_tracking', 'yes');
      // Who is not signed in would be looked for by their IP address.
      update_option('woocommerce_default_customer_address', 'base');
      return update_option('woocommerce_custom_orders_table_data_sync_enabled', 'yes');`);
  });

  const ways: [string, (one: Visitor) => Promise<{ status: number }>][] = [
    ['the classic checkout', (one) => one.orderClassic()],
    ['the Checkout block', (one) => one.orderByBlock()],
  ];

  it.each(ways)(
    'of guests who order by %s has everything in the database, in logs and with others',
    async (_name, order) => {
      const visitor = shop.guest();
      await visitor.putIntoCart();
      expect((await order(visitor)).status).toBe(200);
      expect(await found(visitor.person, 'database')).toEqual(
        expect.arrayContaining([...visitor.person.all.keys()]),
      );
      for (const log of ['webhooks-delivery', 'sent']) {
        const text = uploadOf(shop.site, log);
        for (const index of [STREET, EMAIL, ADDRESS]) expect(text).toContain(visitor.person.all[index]);
      }
      const tracked = new RegExp(`wcadmin_order_attribution&_via_ua=[^&]*${visitor.person.all[BROWSER]}`);
      expect(uploadOf(shop.site, 'sent')).toMatch(tracked);
    },
  );

  it.each(ways)('of members who order by %s has nothing anywhere', async (_name, order) => {
    const events = () => uploadOf(shop.site, 'sent').split('wcadmin_order_attribution').length;
    const before = events();
    const visitor = await shop.member();
    await visitor.putIntoCart();
    await visitor.putIntoCart('download-song');
    expect((await order(visitor)).status).toBe(200);
    const { id } = await shop.lastOrder();
    expect(await hits(visitor.person)).toEqual([]);
    expect(events()).toBe(before);
    // All of it ran, and spoke of them by constants.
    for (const log of ['webhooks-delivery', 'sent']) {
      expect(uploadOf(shop.site, log)).toContain(`"id":${id},"status":"processing"`);
    }
    expect(uploadOf(shop.site, 'place-order-debug')).toContain(`"order_id":${id}`);
    expect(uploadOf(shop.site, 'transactional-emails')).toContain(`"recipient":"${visitor.userRef}"`);
    expect(await shop.ask(`return get_post_meta(${id}, '_shipping_city', true);`)).toBe('Sealed');
  });

  it('keeps no IP address of members who download, signed in or by the link of a mail', async () => {
    const { visitor } = await newOrder('download-song');
    const permission = (
      await shop.site.sql('select max(permission_id) from wp_woocommerce_downloadable_product_permissions')
    ).trim();
    for (const who of [visitor, signedOut(visitor)]) {
      expect((await who.open(`/?download_file=${permission}`)).text).toBe('the file');
    }
    const logs = `select count(*) from wp_wc_download_log where permission_id = ${permission}`;
    expect((await shop.site.sql(logs)).trim()).toBe('2');
    expect(await hits(visitor.person)).toEqual([]);
  });

  it('signs reviews of members with constants, also by the link of a mail', async () => {
    const { visitor, id } = await newOrder();
    const key = await shop.ask(`return wc_get_order(${id})->get_order_key();`);
    for (const who of [visitor, signedOut(visitor)]) {
      const body = new URLSearchParams({ order_id: String(id), key, text: 'A fine mug.' });
      const path = '/wp-admin/admin-ajax.php?action=woocommerce_submit_order_reviews';
      expect((await who.open(path, { method: 'POST', body })).status).toBe(200);
    }
    expect(await hits(visitor.person)).toEqual([]);
    const shown = await shop.ask(`
      $reviews = get_comments(['type' => 'review', 'author_email' => '${visitor.userRef}@users.invalid']);
      return [array_map('get_comment_author', $reviews), get_user_by('login', '${visitor.userRef}')->display_name];`);
    expect(shown[0]).toEqual([shown[1], shown[1]]);
  });

  it('has members wait for stock by their placeholder, and others by the address that they type', async () => {
    const visitor = await shop.member();
    const wait = ({ person }: Visitor) =>
      new URLSearchParams({ wc_bis_register: '1', wc_bis_email: person.email });
    await visitor.open('/', { method: 'POST', body: wait(visitor) });
    expect(await shop.site.sql('select user_email from wp_wc_stock_notifications')).toContain(
      visitor.userRef,
    );
    expect(await hits(visitor.person)).toEqual([]);
    const guest = shop.guest();
    await guest.open('/', { method: 'POST', body: wait(guest) });
    expect(await found(guest.person, 'database')).toContain(EMAIL);
  });

  it('keeps nothing that is sent along when an order is paid later by the Store API', async () => {
    const { visitor, id } = await newOrder();
    const { person } = visitor;
    const placeholder = `${visitor.userRef}@users.invalid`;
    for (const who of [visitor, signedOut(visitor)]) {
      const key = await pending(id);
      const nonce = await who.storeNonce();
      const body = { ...who.blockBody(), key, billing_email: placeholder };
      const path = `/checkout/${id}`;
      // The guest's own session may hold what a guest types.
      const sent =
        who === visitor ? body : { ...body, billing_address: { ...blockAddress(newCanaries(), 'billing') } };
      expect((await who.store(path, { nonce, body: sent })).status).toBe(200);
      expect(await shop.lastOrder()).toMatchObject({ id, paid: true, ip: '', shipping: { city: 'Sealed' } });
      if (who === visitor) expect(await hits(person)).toEqual([]);
    }
  });

  it('keeps nothing that a change of the checkout sends ahead of the order (PATCH, WooCommerce 10.8)', async () => {
    const visitor = await shop.member();
    await visitor.putIntoCart();
    const nonce = await visitor.storeNonce();
    const { customer_note, additional_fields, billing_address } = visitor.blockBody();
    const body = { order_notes: customer_note, additional_fields, billing_address };
    expect((await visitor.store('/checkout', { method: 'PATCH', nonce, body })).status).toBe(200);
    expect(await hits(visitor.person)).toEqual([]);
  });

  describe('when somebody of the shop types an address', () => {
    it('into an order, on its screen or by the REST API, stores constants', async () => {
      const { visitor, id } = await newOrder();
      const { person } = visitor;
      const fields = Object.entries({ ...formFields(person, 'billing'), ...formFields(person, 'shipping') });
      const form = Object.fromEntries(fields.map(([name, value]) => [`_${name}`, value]));
      await asStaff(`$_POST = json_decode('${JSON.stringify({ ...form, customer_note: person.note })}', true);
        return WC_Meta_Box_Order_Data::save(${id});`);
      const values = { billing: blockAddress(person, 'billing'), customer_note: person.note };
      for (const version of ['v3', 'v4']) {
        const answer = await asStaff(`$request = new WP_REST_Request('PUT', '/wc/${version}/orders/${id}');
          $request->set_body_params(json_decode('${JSON.stringify(values)}', true));
          return rest_do_request($request)->get_data();`);
        expect(answer.billing).toMatchObject({ city: 'Sealed', email: `${visitor.userRef}@users.invalid` });
        expect(JSON.stringify(answer)).not.toContain('_userref_sealed_');
      }
      expect(await hits(person)).toEqual([]);
    });

    it('into the account of a member, by the REST API, stores nothing', async () => {
      const visitor = await shop.member();
      const { person } = visitor;
      const values = {
        billing: blockAddress(person, 'billing'),
        first_name: person.name,
        email: person.email,
      };
      const answer = await asStaff(`$id = get_user_by('login', '${visitor.userRef}')->ID;
        $request = new WP_REST_Request('PUT', "/wc/v3/customers/{$id}");
        $request->set_body_params(json_decode('${JSON.stringify(values)}', true));
        return rest_do_request($request)->get_data();`);
      expect(answer).toMatchObject({ email: `${visitor.userRef}@users.invalid`, billing: { city: '' } });
      expect(await hits(person)).toEqual([]);
    });
  });
});
