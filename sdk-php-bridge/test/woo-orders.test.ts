import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import type { Browser } from '../../hosted-core/test/support/browser.ts';
import { ensurePhp } from './support/php.ts';
import { refusingMailServer } from './woo/refusing-mail-server.ts';
import { searchSite, startTestShop, type TestShop, type Visitor } from './woo/test-shop.ts';

const problem = ensurePhp() ?? ensureWordPress();

/** After the order: labels, mails, integrations, and the end of sharing. */
describe.skipIf(problem !== undefined)('orders of members', () => {
  let shop: TestShop;
  let staff: Browser;
  let visitor: Visitor;
  let id: number;

  const newOrder = async (product = 'mug') => {
    visitor = await shop.member();
    await visitor.putIntoCart(product);
    expect((await visitor.orderClassic()).body).toMatchObject({ result: 'success' });
    id = Number((await shop.lastOrder())['id']);
  };
  const refuse = (code: string, status: number) => () =>
    new Response(JSON.stringify({ type: 'about:blank', title: code, status, code, retryable: false }), {
      status,
      headers: { 'content-type': 'application/problem+json' },
    });
  const mails = () => readFileSync(shop.site.logs.mail, 'utf8');
  const complete = () => shop.ask(`wc_get_order(${id})->update_status('completed'); return 1;`);
  const page = (query: string, init?: RequestInit) =>
    staff.fetch(`${shop.site.url}/wp-admin/admin-post.php?action=userref_open_record&${query}`, init);
  const openRecord = async (record: string, reason: string) => {
    const ask = await (await page(`order=${id}&record=${record}`)).text();
    const nonce = /name="_wpnonce" value="(\w+)"/.exec(ask)?.[1] ?? '';
    const body = new URLSearchParams({ _wpnonce: nonce, reason });
    return page(`order=${id}&record=${record}`, { method: 'POST', body });
  };
  /** Runs PHP as the administrator, with `$order`. */
  const asStaff = (php: string) => shop.ask(`wp_set_current_user(1); $order = wc_get_order(${id}); ${php}`);

  beforeAll(async () => {
    shop = await startTestShop();
    staff = await shop.administrator();
  }, 120_000);
  afterAll(() => shop?.stop());
  afterEach(async () => {
    shop.core.bends.replies = {};
    await shop.ask(`return delete_option('userref_woo');`);
  });

  it('hold a reference, sealed records and constants', async () => {
    await newOrder();
    const { meta, shipping } = (await shop.lastOrder()) as {
      meta: Record<string, unknown>;
      shipping: object;
    };
    expect(meta['_userref_order_ref']).toMatch(/^ord_[0-9a-f]{32}$/);
    expect(meta['_userref_sealed_shipping']).toMatch(/^eyJ/);
    expect(meta['_userref_sealed_shipping_about']).toMatchObject({
      purpose: 'order_delivery',
      names: ['address:shipping', 'profile:name'],
    });
    expect(meta['_userref_sealed_contact_about']).toMatchObject({ names: ['contact:email'] });
    const days =
      (Number((meta['_userref_sealed_shipping_about'] as { until: number }).until) * 1000 - Date.now()) /
      864e5;
    expect(days).toBeGreaterThan(59.9);
    expect(days).toBeLessThan(60.1);
    expect(shipping).toMatchObject({
      first_name: 'Sealed',
      address_1: 'Sealed',
      postcode: '99999',
      country: 'EE',
    });
  });

  describe('in mails', () => {
    it('reach the person, while everything that listens sees the placeholder', async () => {
      await newOrder();
      expect(mails()).toMatch(new RegExp(`^To: ${visitor.person.email}`, 'm'));
      await complete();
      expect(mails().split(`To: ${visitor.person.email}`).length).toBe(3);
      const log = readFileSync(shop.site.logs.debug, 'utf8');
      expect(log).toContain(`wp_mail_succeeded: {"to":["${visitor.userRef}@users.invalid"]`);
      expect((await searchSite(shop.site, visitor.person.all)).hits).toEqual([]);
    });

    it('tell the shop’s own people nothing of the person', async () => {
      await newOrder();
      const toStaff = mails()
        .split(/^To: /m)
        .filter((mail) => mail.startsWith('admin@site.invalid') && mail.includes(`New order ${id}`));
      expect(toStaff).toHaveLength(1);
      for (const value of visitor.person.all) expect(toStaff.join('')).not.toContain(value);
    });

    it('are not sent when the address may not be used any more, and the order says so', async () => {
      await newOrder();
      const before = mails();
      shop.core.bends.replies['unseal'] = refuse('sealed_destroyed', 410);
      await complete();
      expect(mails()).toBe(before);
      const { notes, meta } = (await shop.lastOrder()) as { notes: string[]; meta: object };
      expect(notes.join(' ')).toMatch(/Order on its way.*was not sent.*no longer shares/);
      // It would never open again.
      expect(Object.keys(meta)).not.toContain('_userref_sealed_contact');
      for (const value of visitor.person.all) expect(notes.join(' ')).not.toContain(value);
    });

    it('are sent to nobody who shares no e-mail address, and the order goes on', async () => {
      visitor = await shop.member(({ street }) => ({
        'address:country': 'EE',
        'address:shipping': { street_address: street, locality: 'Tallinn', country: 'EE' },
      }));
      await visitor.putIntoCart();
      const before = mails().length;
      expect((await visitor.orderClassic()).body).toMatchObject({ result: 'success' });
      expect(mails().slice(before)).not.toContain('users.invalid\n');
      expect((await shop.lastOrder())['notes']).toEqual(
        expect.arrayContaining([expect.stringMatching(/was not sent/)]),
      );
    });

    it('that a mail server refuses leave no address behind', async () => {
      await newOrder();
      const server = await refusingMailServer();
      await shop.ask(`return update_option('test_mail_port', ${server.port});`);
      await complete();
      await shop.ask(`return delete_option('test_mail_port');`);
      await server.stop();
      expect(server.receivers).toContain(visitor.person.email);
      const log = readFileSync(shop.site.logs.debug, 'utf8');
      expect(log).toContain('wp_mail_failed');
      expect((await searchSite(shop.site, visitor.person.all)).hits).toEqual([]);
    });
  });

  describe('at the packing desk', () => {
    it('open for a reason, on a page that nothing keeps', async () => {
      await newOrder();
      const asked = await page(`order=${id}&record=shipping`);
      const before = await asked.text();
      for (const value of visitor.person.all) expect(before).not.toContain(value);
      const opened = await openRecord('shipping', 'label');
      expect(opened.status).toBe(200);
      expect(opened.headers.get('cache-control')).toContain('no-store');
      expect(opened.headers.get('content-security-policy')).toContain("default-src 'none'");
      const label = await opened.text();
      for (const value of [
        visitor.person.name,
        visitor.person.street,
        visitor.person.city,
        visitor.person.postcode,
      ]) {
        expect(label).toContain(value);
      }
      expect((await shop.lastOrder())['notes']).toEqual(
        expect.arrayContaining([expect.stringMatching(/Opened: delivery address. For: label. By user 1/)]),
      );
      expect((await searchSite(shop.site, visitor.person.all)).hits).toEqual([]);
    });

    it('stay shut without the capability, without a nonce and without a reason', async () => {
      await newOrder();
      const path = `/wp-admin/admin-post.php?action=userref_open_record&order=${id}&record=shipping`;
      expect((await visitor.open(path)).status).toBe(403);
      expect(
        (
          await page(`order=${id}&record=shipping`, {
            method: 'POST',
            body: new URLSearchParams({ reason: 'label' }),
          })
        ).status,
      ).toBe(403);
      // What PHP would complain of, the test's end would find in its log.
      expect((await page(`order[]=${id}&record[]=shipping&reason[]=label`)).status).toBe(404);
      const without = await openRecord('shipping', 'curiosity');
      expect(without.status).toBe(409);
      for (const value of visitor.person.all) expect(await without.clone().text()).not.toContain(value);
      const refused = await shop.ask(`
        wp_set_current_user(0);
        try { return userref_with_shipping_address(wc_get_order(${id}), fn () => 'opened'); }
        catch (Userref\\Exception\\UserrefThrowable $error) { return $error->errorCode()->value; }`);
      expect(refused).toBe('forbidden');
    });

    it('say what it means when they do not open, and keep what may open later', async () => {
      await newOrder();
      const meanings: [string, number, RegExp][] = [
        ['sealed_not_open_yet', 403, /does not open yet/],
        ['sealed_mismatch', 403, /does not belong to this order/],
        ['rate_limited', 429, /Too many records/],
        ['service_unavailable', 503, /Try again later/],
        ['sealed_expired', 410, /time for opening this record is over/],
      ];
      for (const [code, status, words] of meanings) {
        expect(Object.keys((await shop.lastOrder())['meta'] as object)).toContain('_userref_sealed_shipping');
        shop.core.bends.replies['unseal'] = refuse(code, status);
        const answer = await openRecord('shipping', 'label');
        expect(answer.status).toBe(409);
        expect(await answer.text()).toMatch(words);
      }
      // From now on there is nothing left to open.
      shop.core.bends.replies = {};
      expect(Object.keys((await shop.lastOrder())['meta'] as object)).not.toContain(
        '_userref_sealed_shipping',
      );
      expect(await (await openRecord('shipping', 'label')).text()).toMatch(
        /time for opening this record is over/,
      );
    });

    it('give a carrier’s plug-in the address by the order’s own methods, within its scope alone', async () => {
      await newOrder();
      const seen = await asStaff(`
        $inside = userref_with_shipping_address($order, function (array $address, WC_Order $order): array {
          $again = wc_get_order($order->get_id());
          return [$again->get_shipping_city(), $order->get_address('shipping')['address_1'],
            $order->get_formatted_shipping_address(), $order->get_address('billing')['address_1'], $address['postcode']];
        });
        $byFilter = apply_filters('userref_with_shipping_address', null, $order, fn ($address) => $address['city']);
        return [$inside, $byFilter, $order->get_shipping_city(), $order->get_formatted_shipping_address()];`);
      const { street, city, postcode } = visitor.person;
      expect(seen).toEqual([
        [city, street, expect.stringContaining(street), 'Sealed', postcode],
        city,
        'Sealed',
        expect.stringMatching(/^Sealed: the shop does not hold/),
      ]);
    });

    it('store nothing when they are saved, or change their status, while they are open', async () => {
      await newOrder();
      const before = mails().length;
      const inside = await asStaff(`
        return userref_with_shipping_address($order, function (array $address, WC_Order $order): array {
          $order->set_shipping_company('Carrier');
          $order->update_meta_data('_carrier_label', 'L-1');
          $order->save();
          $order->update_status('completed');
          wc_get_order($order->get_id())->save();
          $order->set_shipping_city($order->get_shipping_city());
          $order->save();
          return [$order->get_shipping_city(), $order->get_meta('_shipping_address_index')];
        });`);
      expect(inside).toEqual([visitor.person.city, expect.stringContaining('Sealed')]);
      expect((await searchSite(shop.site, visitor.person.all)).hits).toEqual([]);
      expect(mails().slice(before)).not.toContain(visitor.person.street);
    });

    it('stay shut at the end of a request that ended within the scope', async () => {
      await newOrder();
      const { id } = await shop.lastOrder();
      const said = await shop.site.evaluate(`wp_set_current_user(1);
        add_action('shutdown', fn () => print ' after: ' . wc_get_order(${id})->get_address('shipping')['city'], 1);
        userref_with_shipping_address(wc_get_order(${id}), function (array $address, WC_Order $order): void {
          exit('within: ' . $order->get_shipping_city());
        });`);
      expect(said).toBe(`within: ${visitor.person.city} after: Sealed`);
    });

    it('show on both screens of orders until when they open, and what to do when they do not', async () => {
      await newOrder();
      const box = `
        do_action('add_meta_boxes', 'x', $order);
        ob_start();
        foreach ($GLOBALS['wp_meta_boxes']['woocommerce_page_wc-orders']['side']['high'] as $one) { ($one['callback'])(); }
        return ob_get_clean();`;
      const before = `require_once ABSPATH . 'wp-admin/includes/template.php'; set_current_screen('woocommerce_page_wc-orders');`;
      const open = await asStaff(before + box);
      expect(open).toContain('Opens until');
      expect(open).toContain('admin-post.php?action=userref_open_record');
      for (const value of visitor.person.all) expect(open).not.toContain(value);
      await shop.sendEvent('consent.withdrawn', withdrawn(visitor));
      expect(await asStaff(before + box)).toMatch(/can not be opened any more.*cancel the order/s);
    });
  });

  describe('for programs', () => {
    it('show constants and no envelope by WooCommerce’s REST API', async () => {
      await newOrder();
      const answer = await asStaff(`
        $request = new WP_REST_Request('GET', '/wc/v3/orders/${id}');
        return rest_do_request($request)->get_data();`);
      expect(answer).toMatchObject({
        billing: { first_name: 'Sealed', email: `${visitor.userRef}@users.invalid` },
        shipping: { address_1: 'Sealed', country: 'EE' },
        customer_ip_address: '',
        customer_user_agent: '',
      });
      const keys = answer.meta_data.map(({ key }: { key: string }) => key);
      expect(keys).toContain('_userref_order_ref');
      expect(keys.filter((key: string) => key.startsWith('_userref_sealed'))).toEqual([]);
    });

    it('show the placeholders also while another order is open', async () => {
      await newOrder();
      const first = id;
      await newOrder();
      const seen = await asStaff(`
        return userref_with_shipping_address($order, fn () => wc_get_order(${first})->get_shipping_city());`);
      expect(seen).toBe('Sealed');
    });
  });

  describe('with a record for invoices', () => {
    it('export it for a purpose of its own, and write down who did', async () => {
      await shop.ask(
        `return update_option('userref_woo', ['invoice_purpose' => 'legal_invoice', 'invoice_days' => '400']);`,
      );
      await newOrder();
      const { meta } = (await shop.lastOrder()) as {
        meta: Record<string, { purpose: string; names: string[] }>;
      };
      expect(meta['_userref_sealed_invoice_about']).toMatchObject({
        purpose: 'legal_invoice',
        names: ['profile:name', 'address:billing'],
      });
      const invoice = await (await openRecord('invoice', 'invoice')).text();
      for (const value of [visitor.person.name, visitor.person.street, '25.00 EUR'])
        expect(invoice).toContain(value);
      expect((await shop.lastOrder())['notes']).toEqual(
        expect.arrayContaining([expect.stringMatching(/Opened: invoice record. For: invoice. By user 1/)]),
      );
      // What ends the delivery leaves the invoice alone.
      await shop.sendEvent('consent.withdrawn', withdrawn(visitor));
      const after = (await shop.lastOrder()) as { meta: object };
      expect(Object.keys(after.meta)).toContain('_userref_sealed_invoice');
      expect(Object.keys(after.meta)).not.toContain('_userref_sealed_shipping');
    });
  });

  describe('when sharing ends', () => {
    it.each(['consent.withdrawn', 'consent.expired'])(
      'lose their envelopes on %s, and the core is told',
      async (type) => {
        await newOrder();
        const { status, body } = await shop.sendEvent(type, withdrawn(visitor));
        expect([status, body]).toEqual([200, '{"status":"purged"}']);
        const { meta, notes } = (await shop.lastOrder()) as { meta: object; notes: string[] };
        expect(Object.keys(meta).filter((key) => /^_userref_sealed_[a-z]+$/.test(key))).toEqual([]);
        expect(notes.join(' ')).toMatch(/no longer shares the delivery address/);
      },
    );

    it('keep what another purpose was agreed for', async () => {
      await newOrder();
      await shop.sendEvent('consent.withdrawn', { ...withdrawn(visitor), purpose: 'newsletter' });
      expect(Object.keys((await shop.lastOrder())['meta'] as object)).toContain('_userref_sealed_shipping');
    });

    it('are exported with their references, by WordPress’s own tool', async () => {
      await newOrder();
      const exported = await shop.ask(`
        $exporters = apply_filters('wp_privacy_personal_data_exporters', []);
        return $exporters['userref-login']['callback']('${visitor.userRef}@users.invalid', 1);`);
      const ref = ((await shop.lastOrder())['meta'] as Record<string, string>)['_userref_order_ref'];
      expect(JSON.stringify(exported)).toContain(ref);
    });

    it('no longer lead to the person who was erased', async () => {
      await newOrder();
      const erased = { user_ref: visitor.userRef, request_id: 'erq_1' };
      const { status } = await shop.sendEvent('subject.erased', erased);
      expect(status).toBe(200);
      expect(await shop.lastOrder()).toMatchObject({ email: 'sealed@users.invalid' });
      const dump = (await shop.site.databaseDump()).toString().split('\n');
      const left = dump.filter((line) => line.includes(visitor.userRef));
      expect(left.filter((line) => !line.includes('wp_userref_revocations'))).toEqual([]);
    });

    it('are lost also when somebody of the shop has given the order to another account', async () => {
      await newOrder();
      const { id } = await shop.lastOrder();
      await shop.ask(`$order = wc_get_order(${id}); $order->set_customer_id(1); return $order->save();`);
      await shop.sendEvent('consent.withdrawn', withdrawn(visitor));
      const { meta } = (await shop.lastOrder()) as { meta: object };
      expect(Object.keys(meta).filter((key) => /^_userref_sealed_[a-z]+$/.test(key))).toEqual([]);
    });

    it('leave orders that take no address, also where a program has taken our mark away', async () => {
      await newOrder();
      const { id } = await shop.lastOrder();
      const city = await shop.ask(`$order = wc_get_order(${id});
        $order->delete_meta_data('_userref_order_ref');
        $order->save();
        $order = wc_get_order(${id});
        $order->set_shipping_city('Harbour');
        $order->save();
        return wc_get_order(${id})->get_shipping_city();`);
      expect(city).toBe('Sealed');
    });

    it.each(['consent.withdrawn', 'subject.erased'])(
      'are lost on %s also when somebody of the shop has deleted the account',
      async (type) => {
        await newOrder();
        // As wc_reset_order_customer_id_on_deleted_user() does it.
        await shop.ask(`global $wpdb; require_once ABSPATH . 'wp-admin/includes/user.php';
          $id = get_user_by('login', '${visitor.userRef}')->ID;
          return [wp_delete_user($id), $wpdb->update("{$wpdb->prefix}wc_orders", ['customer_id' => 0], ['customer_id' => $id])];`);
        const { body } = await shop.sendEvent(type, { ...withdrawn(visitor), request_id: 'erq_2' });
        expect(body).toBe('{"status":"purged"}');
        const { meta } = (await shop.lastOrder()) as { meta: object };
        expect(Object.keys(meta).filter((key) => /^_userref_sealed_[a-z]+$/.test(key))).toEqual([]);
      },
    );
  });
});

function withdrawn({ userRef }: Visitor): Record<string, unknown> {
  return {
    user_ref: userRef,
    consent_id: `con_${'a'.repeat(26)}`,
    attributes: ['address:shipping', 'contact:email', 'profile:name'],
    purpose: 'order_delivery',
  };
}
