import { describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { ensurePhp } from './support/php.ts';
import { refuse, useOrderDesk, withdrawn } from './woo/order-desk.ts';
import { searchSite } from './woo/test-shop.ts';

const problem = ensurePhp() ?? ensureWordPress();

/** After the order: who opens an address, and what becomes of it. */
describe.skipIf(problem !== undefined)('orders of members', () => {
  const { shop, newOrder, asStaff, mails, openRecord, page } = useOrderDesk();

  describe('at the packing desk', () => {
    it('open for a reason, on a page that nothing keeps', async () => {
      const { visitor, id } = await newOrder();
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
      const { visitor, id } = await newOrder();
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
      const { visitor } = await newOrder();
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
      const { visitor } = await newOrder();
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
      const { visitor } = await newOrder();
      const { id } = await shop.lastOrder();
      const said = await shop.site.evaluate(`wp_set_current_user(1);
        add_action('shutdown', fn () => print ' after: ' . wc_get_order(${id})->get_address('shipping')['city'], 1);
        userref_with_shipping_address(wc_get_order(${id}), function (array $address, WC_Order $order): void {
          exit('within: ' . $order->get_shipping_city());
        });`);
      expect(said).toBe(`within: ${visitor.person.city} after: Sealed`);
    });

    it('stay shut on another site of a network that has an order of the same number', async () => {
      const { visitor } = await newOrder();
      const seen = await asStaff(`
        return userref_with_shipping_address($order, function ($address, WC_Order $order): array {
          $seen = [$order->get_shipping_city()];
          // As switch_to_blog() does it.
          $GLOBALS['blog_id'] = 2;
          array_push($seen, $order->get_shipping_city(), $order->get_address('shipping')['city']);
          $GLOBALS['blog_id'] = 1;
          return $seen;
        });`);
      expect(seen).toEqual([visitor.person.city, 'Sealed', 'Sealed']);
    });

    it('show on both screens of orders until when they open, and what to do when they do not', async () => {
      const { visitor } = await newOrder();
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
});
