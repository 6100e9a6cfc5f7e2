<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/**
 * A guest who signs in. WooCommerce hands the whole session of the guest over to the account with the next request
 * (`WC_Session_Handler::init_session_cookie`, 7.8; `migrate_guest_session_to_user_session`, 10 and 11), with the address
 * that they typed, and the draft of the Checkout block stays behind with nobody. The cart comes along, nothing else.
 */
final class Arrival implements Part
{
    private const KEPT = [
        'cart', 'cart_totals', 'applied_coupons', 'coupon_discount_totals', 'coupon_discount_tax_totals',
        'removed_cart_contents', 'chosen_shipping_methods', 'chosen_payment_method', 'wc_notices',
    ];
    private const DRAFT = 'store_api_draft_order';

    public function __construct(private readonly Customers $customers)
    {
    }

    public function register(): void
    {
        // While the session is the guest's still.
        add_action('userref_signed_in', $this->clean(...), PHP_INT_MAX, 0);
        // And as it changes hands (WooCommerce 8.8 and later), for those whom another plug-in signed in.
        add_action('woocommerce_guest_session_to_user_id', function (): void {
            if ($this->customers->isVisitor()) {
                $this->clean();
            }
        }, PHP_INT_MAX, 0);
    }

    private function clean(): void
    {
        // Where WooCommerce has not looked at the visitor yet in this request.
        if (!isset(WC()->session)) {
            wc_load_cart();
        }
        $session = WC()->session ?? null;
        if (!is_object($session)) {
            return;
        }
        $this->deleteDraft((int) $session->get(self::DRAFT, 0));
        $this->emptyCustomer();
        self::forgetPlace();
        /** Of other plug-ins, which know what they keep there. */
        $kept = [...self::KEPT, ...(array) apply_filters('userref_woo_kept_session_keys', [])];
        $stored = is_callable([$session, 'get_session_data']) ? (array) $session->get_session_data() : [];
        foreach (array_diff([...array_keys($stored), 'customer', self::DRAFT], $kept) as $key) {
            $session->set((string) $key, null);
        }
        // Nothing waits for the end of the request.
        if (is_callable([$session, 'save_data'])) {
            $session->save_data();
        }
    }

    /** WooCommerce writes it into the session at the end of the request. */
    private function emptyCustomer(): void
    {
        $customer = WC()->customer ?? null;
        if (!$customer instanceof \WC_Customer) {
            return;
        }
        foreach (['billing', 'shipping'] as $type) {
            foreach ([...SealedAddress::FIELDS, 'email'] as $field) {
                $set = [$customer, "set_{$type}_{$field}"];
                if (is_callable($set) && ($type === 'billing' || $field !== 'email')) {
                    $set('');
                }
            }
        }
        foreach ($customer->get_meta_data() as $meta) {
            $customer->delete_meta_data((string) $meta->key);
        }
    }

    /** `WC_Geolocation` keeps where an IP address is, by the address. */
    private static function forgetPlace(): void
    {
        $address = class_exists('WC_Geolocation') ? (string) \WC_Geolocation::get_ip_address() : '';
        if ($address !== '') {
            delete_transient("geoip_{$address}");
            delete_transient("external_ip_address_{$address}");
        }
    }

    private function deleteDraft(int $id): void
    {
        $order = $id > 0 ? wc_get_order($id) : false;
        $isGuests = $order instanceof \WC_Order && (int) $order->get_customer_id('edit') === 0;
        if ($isGuests && in_array($order->get_status('edit'), ['checkout-draft', 'auto-draft'], true)) {
            $order->delete(true);
        }
    }
}
