<?php

declare(strict_types=1);

/**
 * As src/Admin/API/Reports/Customers/DataStore.php: a row per customer, from the order or from the user, when either
 * was saved. WooCommerce does it in a job that holds the order's id.
 */
final class WC_Analytics
{
    public static function init(): void
    {
        add_action('woocommerce_update_order', static fn (int $id, WC_Order $order) => self::fromOrder($order), 10, 2);
        add_action('woocommerce_new_order', static fn (int $id, WC_Order $order) => self::fromOrder($order), 10, 2);
        add_action('woocommerce_before_delete_order', static fn (int $id, WC_Order $order) => self::forget($order), 10, 2);
    }

    /** `sync_on_order_delete`: who has no order left is no customer. */
    private static function forget(WC_Order $order): void
    {
        global $wpdb;
        $email = $order->get_billing_email();
        $orders = "select count(*) from {$wpdb->prefix}wc_orders where billing_email = %s and id <> %d";
        if ((int) $wpdb->get_var($wpdb->prepare($orders, $email, $order->get_id())) === 0) {
            $wpdb->delete("{$wpdb->prefix}wc_customer_lookup", ['email' => $email, 'user_id' => null]);
        }
    }

    private static function fromOrder(WC_Order $order): void
    {
        global $wpdb;
        $user = get_userdata((int) $order->get_customer_id());
        $wpdb->replace("{$wpdb->prefix}wc_customer_lookup", [
            'user_id' => $user === false ? null : $user->ID,
            'username' => $user->user_login ?? '',
            'first_name' => $order->get_billing_first_name(),
            'last_name' => $order->get_billing_last_name(),
            'email' => $order->get_billing_email(),
            'country' => $order->get_billing_country(),
            'postcode' => $order->get_billing_postcode(),
            'city' => $order->get_billing_city(),
            'state' => $order->get_billing_state(),
        ]);
    }
}
