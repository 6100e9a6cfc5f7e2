import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { ensurePhp } from './support/php.ts';
import { formFields, sharedValues } from './woo/canaries.ts';
import { refuse, useOrderDesk } from './woo/order-desk.ts';
import { refusingMailServer } from './woo/refusing-mail-server.ts';
import { searchSite } from './woo/test-shop.ts';

const problem = ensurePhp() ?? ensureWordPress();

/** After the order: what it holds, mails and integrations. */
describe.skipIf(problem !== undefined)('orders of members', () => {
  const { shop, newOrder, asStaff, complete, mails } = useOrderDesk();

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

  it('keep no IP address with a download, also when the link of a mail is followed signed out', async () => {
    const { visitor, id } = await newOrder();
    // As WC_Customer_Download::track_download() does it, for this order and for that of somebody else.
    const kept = await shop.ask(`
      class WC_Customer_Download {
        public function __construct(private int $id) {}
        public function get_order_id() { return $this->id; }
      }
      class WC_Customer_Download_Log {
        public string $ip = '203.0.113.7';
        public function __construct(private int $permission, private ?int $user) {}
        public function get_permission_id() { return $this->permission; }
        public function get_user_id() { return $this->user; }
        public function set_user_ip_address($ip) { $this->ip = $ip; }
      }
      $other = new WC_Order();
      $other->save();
      $member = get_user_by('login', '${visitor.userRef}')->ID;
      return array_map(function (array $one): string {
        $log = new WC_Customer_Download_Log(...$one);
        do_action('woocommerce_before_customer_download_log_object_save', $log);
        return $log->ip;
      }, [[${id}, null], [$other->get_id(), $member], [$other->get_id(), null]]);`);
    expect(kept).toEqual(['', '', '203.0.113.7']);
  });

  it('take no address where they are paid later, by the person or by who has the link', async () => {
    const { visitor, id } = await newOrder();
    const { person } = visitor;
    const body = new URLSearchParams({ woocommerce_pay: '1', ...formFields(person, 'billing') });
    for (const payer of [visitor, shop.guest()]) {
      await shop.ask(`return wc_get_order(${id})->update_status('failed');`);
      expect((await payer.open(`/?pay=${id}`, { method: 'POST', body })).status).toBeLessThan(400);
      expect(await shop.lastOrder()).toMatchObject({ ip: '', agent: '', shipping: { city: 'Sealed' } });
    }
    expect((await searchSite(shop.site, person.all)).hits).toEqual([]);
  });

  it('are shown to whoever placed them without a placeholder; gateways read what is stored', async () => {
    const { visitor, id } = await newOrder();
    const placeholder = `${visitor.userRef}@users.invalid`;
    const { text } = await visitor.open(`/checkout/?order-received=${id}`);
    expect(text).toContain('Email: </p>');
    expect(text.split(placeholder)).toHaveLength(2);
    expect(text).toContain(`data-gateway='${placeholder}'`);
    const block = `set_query_var('order-received', ${id});
      return do_blocks('<!-- wp:woocommerce/order-confirmation-summary /-->') . wc_get_order(${id})->get_billing_email();`;
    expect(await shop.ask(block)).toBe(`<p>Summary: </p>${placeholder}`);
  });

  describe('in mails', () => {
    it('name nobody by the word that stands for a name, and show no placeholder; guests read their own', async () => {
      const { visitor } = await newOrder();
      const guest = shop.guest();
      await guest.putIntoCart();
      expect((await guest.orderClassic()).body).toMatchObject({ result: 'success' });
      const [ours, theirs] = [visitor, guest].map(({ person }) =>
        mails()
          .split(/^To: /m)
          .find((mail) => mail.startsWith(person.email)),
      );
      expect(ours).toContain('Hi ,');
      expect(ours).not.toMatch(/users\.invalid|Hi Sealed/);
      expect(theirs).toContain(`Hi ${guest.person.name.split(' ')[0]},`);
      expect(theirs?.split(/\r?\n\r?\n/)[1]).toContain(guest.person.email);
    });

    it('reach the person, while everything that listens sees the placeholder', async () => {
      const { visitor } = await newOrder();
      expect(mails()).toMatch(new RegExp(`^To: ${visitor.person.email}`, 'm'));
      await complete();
      expect(mails().split(`To: ${visitor.person.email}`).length).toBe(3);
      const log = readFileSync(shop.site.logs.debug, 'utf8');
      expect(log).toContain(`wp_mail_succeeded: {"to":["${visitor.userRef}@users.invalid"]`);
      expect((await searchSite(shop.site, visitor.person.all)).hits).toEqual([]);
    });

    it('tell the shop’s own people nothing of the person', async () => {
      const { visitor, id } = await newOrder();
      const toStaff = mails()
        .split(/^To: /m)
        .filter((mail) => mail.startsWith('admin@site.invalid') && mail.includes(`New order ${id}`));
      expect(toStaff).toHaveLength(1);
      for (const value of visitor.person.all) expect(toStaff.join('')).not.toContain(value);
    });

    it('are not sent when the address may not be used any more, and the order says so', async () => {
      const { visitor } = await newOrder();
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
      const visitor = await shop.member(({ street }) => ({
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

    it('are not sent to an address that PHPMailer takes for none, and nothing names it', async () => {
      const visitor = await shop.member((person) => ({
        ...sharedValues(person),
        'contact:email': `ä${person.email}`,
      }));
      await visitor.putIntoCart();
      expect((await visitor.orderClassic()).body).toMatchObject({ result: 'success' });
      expect((await shop.lastOrder())['notes']).toEqual(
        expect.arrayContaining([expect.stringMatching(/was not sent/)]),
      );
      expect((await searchSite(shop.site, visitor.person.all)).hits).toEqual([]);
    });

    it('leave no receiver behind where a plug-in ends the request within a mail', async () => {
      const { visitor, id } = await newOrder();
      const said = await shop.site.evaluate(`
        add_action('phpmailer_init', function ($mailer): void {
          exit('within: ' . $mailer->getToAddresses()[0][0]);
        }, PHP_INT_MAX);
        add_action('shutdown', function (): void {
          $isOpen = apply_filters('userref_send_to_placeholder', false, ['to' => '${visitor.userRef}@users.invalid']);
          echo ' after: ' . wp_json_encode([$GLOBALS['phpmailer']->getToAddresses(), $isOpen]);
        }, 1);
        wc_get_order(${id})->update_status('completed');`);
      expect(said).toBe(`within: ${visitor.person.email} after: [[],false]`);
    });

    it('that a mail server refuses leave no address behind', async () => {
      const { visitor } = await newOrder();
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

  describe('for programs', () => {
    it('show constants and no envelope by WooCommerce’s REST API', async () => {
      const { visitor, id } = await newOrder();
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

    it('take no e-mail address along when somebody of the shop has their details mailed', async () => {
      const { visitor, id } = await newOrder();
      const { email } = visitor.person;
      const send = (more: string) =>
        asStaff(`$request = new WP_REST_Request('POST', '/wc/v3/orders/${id}/actions/send_order_details');
          foreach (${more} as $name => $value) { $request->set_param($name, $value); }
          return rest_do_request($request)->get_status();`);
      expect(await send(`['email' => '${email}', 'force_email_update' => true]`)).toBe(400);
      expect((await searchSite(shop.site, visitor.person.all)).hits).toEqual([]);
      const before = mails().length;
      expect(await send('[]')).toBe(200);
      expect(mails().slice(before)).toContain(`To: ${email}`);
      expect((await searchSite(shop.site, visitor.person.all)).hits).toEqual([]);
    });

    it('show the placeholders also while another order is open', async () => {
      const { id: first } = await newOrder();
      await newOrder();
      const seen = await asStaff(`
        return userref_with_shipping_address($order, fn () => wc_get_order(${first})->get_shipping_city());`);
      expect(seen).toBe('Sealed');
    });
  });
});
