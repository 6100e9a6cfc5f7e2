<?php

declare(strict_types=1);

/** As includes/class-wc-emails.php: which change of an order sends what. */
final class WC_Emails
{
    public static function init(): void
    {
        add_action('woocommerce_order_status_processing', static function (int $id, WC_Order $order): void {
            (new WC_Email('customer_processing_order', 'Order received', true))->trigger($order);
            (new WC_Email('new_order', 'New order', false))->trigger($order);
        }, 10, 2);
        add_action('woocommerce_order_status_completed', static function (int $id, WC_Order $order): void {
            (new WC_Email('customer_completed_order', 'Order on its way', true))->trigger($order);
        }, 10, 2);
    }
}
