import { describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { ensurePhp } from './support/php.ts';
import { useOrderDesk, withdrawn } from './woo/order-desk.ts';

const problem = ensurePhp() ?? ensureWordPress();

/** Records for invoices, and the end of sharing. */
describe.skipIf(problem !== undefined)('orders of members', () => {
  const { shop, newOrder, openRecord } = useOrderDesk();

  describe('with a record for invoices', () => {
    it('export it for a purpose of its own, and write down who did', async () => {
      await shop.ask(
        `return update_option('userref_woo', ['invoice_purpose' => 'legal_invoice', 'invoice_days' => '400']);`,
      );
      const { visitor } = await newOrder();
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
        const { visitor } = await newOrder();
        const { status, body } = await shop.sendEvent(type, withdrawn(visitor));
        expect([status, body]).toEqual([200, '{"status":"purged"}']);
        const { meta, notes } = (await shop.lastOrder()) as { meta: object; notes: string[] };
        expect(Object.keys(meta).filter((key) => /^_userref_sealed_[a-z]+$/.test(key))).toEqual([]);
        expect(notes.join(' ')).toMatch(/no longer shares the delivery address/);
      },
    );

    it('lose them also from subscriptions, which have copies of them and statuses of their own', async () => {
      const { visitor } = await newOrder();
      const { id } = await shop.lastOrder();
      await shop.site.sql(
        `update wp_wc_orders set type = 'shop_subscription', status = 'active' where id = ${id}`,
      );
      const { body } = await shop.sendEvent('consent.withdrawn', withdrawn(visitor));
      expect(body).toBe('{"status":"purged"}');
      const { meta } = (await shop.lastOrder()) as { meta: object };
      expect(Object.keys(meta).filter((key) => /^_userref_sealed_[a-z]+$/.test(key))).toEqual([]);
    });

    it('keep what another purpose was agreed for', async () => {
      const { visitor } = await newOrder();
      await shop.sendEvent('consent.withdrawn', { ...withdrawn(visitor), purpose: 'newsletter' });
      expect(Object.keys((await shop.lastOrder())['meta'] as object)).toContain('_userref_sealed_shipping');
    });

    it('are exported with their references, by WordPress’s own tool', async () => {
      const { visitor } = await newOrder();
      const exported = await shop.ask(`
        $exporters = apply_filters('wp_privacy_personal_data_exporters', []);
        return $exporters['userref-login']['callback']('${visitor.userRef}@users.invalid', 1);`);
      const ref = ((await shop.lastOrder())['meta'] as Record<string, string>)['_userref_order_ref'];
      expect(JSON.stringify(exported)).toContain(ref);
    });

    it('no longer lead to the person who was erased', async () => {
      const { visitor } = await newOrder();
      const address = `${visitor.userRef}@users.invalid`;
      // A review by the link of a mail, and a kind of mail that is not wanted any more.
      await shop.ask(`global $wpdb;
        wp_insert_comment(['comment_post_ID' => 1, 'comment_type' => 'review', 'comment_author_email' => '${address}']);
        return $wpdb->insert("{$wpdb->prefix}wc_email_unsubscribes", ['email_hash' => hash('sha256', '${address}')]);`);
      const erased = { user_ref: visitor.userRef, request_id: 'erq_1' };
      const { status } = await shop.sendEvent('subject.erased', erased);
      expect(status).toBe(200);
      expect(await shop.lastOrder()).toMatchObject({ email: 'sealed@users.invalid' });
      const dump = (await shop.site.databaseDump()).toString().split('\n');
      const left = dump.filter((line) => line.includes(visitor.userRef));
      expect(left.filter((line) => !line.includes('wp_userref_revocations'))).toEqual([]);
      expect(await shop.site.sql('select count(*) from wp_wc_email_unsubscribes')).toMatch(/^0/);
    });

    it('are lost with everything else of an order that WooCommerce takes all personal data out of', async () => {
      const { visitor, id } = await newOrder();
      await shop.ask(`return WC_Privacy_Erasers::remove_order_personal_data(wc_get_order(${id}));`);
      const { meta, email } = (await shop.lastOrder()) as { meta: object; email: string };
      expect([email, '_anonymized' in meta]).toEqual(['sealed@users.invalid', true]);
      expect(Object.keys(meta).filter((key) => /^_userref_sealed_[a-z]+$/.test(key))).toEqual([]);
      const addresses = `select * from wp_wc_order_addresses where order_id = ${id}`;
      expect(await shop.site.sql(addresses)).not.toContain(visitor.userRef);
    });

    it('are lost also when somebody of the shop has given the order to another account', async () => {
      const { visitor } = await newOrder();
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
        const { visitor } = await newOrder();
        // As wc_reset_order_customer_id_on_deleted_user() does it.
        await shop.ask(`global $wpdb; require_once ABSPATH . 'wp-admin/includes/user.php';
          $id = get_user_by('login', '${visitor.userRef}')->ID;
          return [wp_delete_user($id), $wpdb->update("{$wpdb->prefix}wc_orders", ['customer_id' => 0], ['customer_id' => $id])];`);
        await shop.ask(`return wp_insert_comment(['comment_post_ID' => 1, 'comment_type' => 'review',
          'comment_author_email' => '${visitor.userRef}@users.invalid']);`);
        const { body } = await shop.sendEvent(type, { ...withdrawn(visitor), request_id: 'erq_2' });
        expect(body).toBe('{"status":"purged"}');
        const signed = `select count(*) from wp_comments where comment_author_email like '${visitor.userRef}%'`;
        expect((await shop.site.sql(signed)).trim()).toBe(type === 'subject.erased' ? '0' : '1');
        const { meta } = (await shop.lastOrder()) as { meta: object };
        expect(Object.keys(meta).filter((key) => /^_userref_sealed_[a-z]+$/.test(key))).toEqual([]);
      },
    );

    it('have no envelopes once the plug-in is removed, with and without HPOS', async () => {
      await newOrder();
      await shop.ask(`return add_post_meta(1, '_userref_sealed_contact', 'eyJ');`);
      await shop.ask('UserrefLogin\\Roles\\Removal::run(); return 1;');
      const dump = (await shop.site.databaseDump()).toString();
      expect(dump).toContain('_userref_order_ref');
      expect(dump).not.toContain('_userref_sealed_');
    });
  });
});
