<?php

declare(strict_types=1);

/**
 * As includes/class-wc-privacy-erasers.php: `remove_order_personal_data`, for requests and, once a day, for orders that
 * are older than the shop keeps them (`WC_Privacy::anonymize_orders_query`).
 */
final class WC_Privacy_Erasers
{
    public static function remove_order_personal_data(WC_Order $order): void
    {
        do_action('woocommerce_privacy_before_remove_order_personal_data', $order);
        foreach (['billing', 'shipping'] as $type) {
            foreach (['first_name', 'last_name', 'address_1', 'city', 'postcode'] as $field) {
                $order->{"set_{$type}_{$field}"}('[deleted]');
            }
        }
        $order->set_billing_email('deleted@site.invalid');
        $order->set_customer_id(0);
        $order->update_meta_data('_anonymized', 'yes');
        $order->save();
        foreach (get_comments(['post_id' => $order->get_id(), 'type' => 'order_note']) as $note) {
            wp_delete_comment((int) $note->comment_ID, true);
        }
        do_action('woocommerce_privacy_remove_order_personal_data', $order);
    }
}
