<?php

declare(strict_types=1);

/**
 * As src/Internal/OrderReviews/SubmissionHandler.php (10.8 and later): who has the order's key reviews what they
 * bought, signed in or not, and the order says who they are.
 */
final class WC_Order_Reviews
{
    public static function init(): void
    {
        add_action('wp_ajax_woocommerce_submit_order_reviews', [self::class, 'handle']);
        add_action('wp_ajax_nopriv_woocommerce_submit_order_reviews', [self::class, 'handle']);
    }

    public static function handle(): void
    {
        $order = wc_get_order((int) ($_POST['order_id'] ?? 0));
        if (!$order instanceof WC_Order || !hash_equals($order->get_order_key('edit'), (string) ($_POST['key'] ?? ''))) {
            wp_send_json_error(null, 404);
        }
        wp_send_json_success(wp_insert_comment(wp_slash([
            'comment_post_ID' => 1,
            'comment_author' => trim("{$order->get_billing_first_name()} {$order->get_billing_last_name()}"),
            'comment_author_email' => $order->get_billing_email(),
            'comment_author_IP' => $order->get_customer_ip_address(),
            'comment_agent' => $order->get_customer_user_agent(),
            'comment_content' => wp_kses_post(wp_unslash($_POST['text'] ?? '')),
            'comment_type' => 'review',
            'user_id' => get_current_user_id(),
        ])));
    }
}
