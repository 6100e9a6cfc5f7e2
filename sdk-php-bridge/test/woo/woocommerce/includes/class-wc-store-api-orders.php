<?php

declare(strict_types=1);

/**
 * As src/StoreApi/Routes/V1/CheckoutOrder.php: pays an order that was made before, by who owns it or has its key and
 * its address (`OrderAuthorizationTrait`). What is sent goes into the order and the customer (`update_billing_address`).
 */
final class WC_Store_Api_Orders
{
    public static function register(): void
    {
        $address = ['type' => 'object', 'validate_callback' => WC_Store_Api::validateAddress(...)];
        WC_Store_Api::route('/checkout/(?P<id>\d+)', 'POST', self::pay(...), [
            'billing_address' => $address + ['required' => true], 'shipping_address' => $address,
        ], ['v1' => true]);
    }

    private static function pay(WP_REST_Request $request): WP_REST_Response|WP_Error
    {
        $order = wc_get_order((int) $request['id']);
        $isOwner = $order && $order->get_customer_id() > 0 && $order->get_customer_id() === get_current_user_id();
        $hasKey = $order && hash_equals($order->get_order_key('edit'), (string) $request['key'])
            && $order->get_billing_email() === $request['billing_email'];
        if ((!$isOwner && !$hasKey) || !$order->needs_payment()) {
            return new WP_Error('invalid_order_update_status', 'This order cannot be paid for.', ['status' => 401]);
        }
        $order->set_address('billing', (array) $request['billing_address']);
        $order->set_address('shipping', (array) ($request['shipping_address'] ?? $request['billing_address']));
        WC_Store_Api::setCustomer($request);
        do_action('woocommerce_store_api_checkout_update_customer_from_request', WC()->customer, $request);
        WC()->customer->save();
        $order->save();
        $order->set_customer_note(wc_sanitize_textarea($request['customer_note'] ?? ''));
        self::keepFields($order, $request);
        do_action('woocommerce_store_api_checkout_update_order_from_request', $order, $request);
        $order->save();
        WC_Store_Api::syncCustomer($order);
        do_action('woocommerce_store_api_checkout_order_processed', $order);

        return new WP_REST_Response(['payment_result' => WC()->payment_gateways()->process_payment($order->get_id())]);
    }

    public static function keepFields(WC_Order $order, WP_REST_Request $request): void
    {
        foreach ((array) ($request['additional_fields'] ?? []) as $field => $value) {
            $order->update_meta_data("_wc_other/{$field}", wc_clean($value));
        }
        foreach ((array) ($request['payment_data'] ?? []) as $entry) {
            $order->update_meta_data('_test_payment_' . $entry['key'], wc_clean($entry['value']));
        }
    }
}
