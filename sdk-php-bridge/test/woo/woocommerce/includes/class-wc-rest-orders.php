<?php

declare(strict_types=1);

/**
 * As includes/rest-api/Controllers/Version3/class-wc-rest-orders-controller.php: one order, as integrations, webhooks
 * (`WC_Webhook::build_payload`) and the owner's programs get it.
 */
final class WC_Rest_Orders
{
    public static function register(): void
    {
        // src/Internal/Orders/OrderActionsRestController.php: `send_order_details`, `maybe_update_billing_email`.
        register_rest_route('wc/v3', '/orders/(?P<id>\d+)/actions/send_order_details', [
            'methods' => 'POST',
            'permission_callback' => static fn (): bool => current_user_can('edit_shop_orders'),
            'callback' => static function (WP_REST_Request $request): WP_REST_Response {
                $order = wc_get_order((int) $request['id']);
                if ($request['email'] && $request['force_email_update']) {
                    $order->set_billing_email($request['email']);
                    $order->save();
                    $order->add_order_note("Billing email updated to {$request['email']}.");
                }
                (new WC_Email('customer_invoice', 'Order details', true))->trigger($order);

                return new WP_REST_Response(['message' => 'Order details sent.']);
            },
        ]);
        // src/Internal/RestApi/Routes/V4 (10.2 and later) has a filter of its own.
        self::routeOf('wc/v3', 'woocommerce_rest_prepare_shop_order_object');
        self::routeOf('wc/v4', 'woocommerce_rest_api_v4_orders_item_response');
    }

    private static function routeOf(string $version, string $filter): void
    {
        register_rest_route($version, '/orders/(?P<id>\d+)', [
            'methods' => 'GET, PUT',
            'permission_callback' => static fn (): bool => current_user_can('edit_shop_orders'),
            'callback' => static function (WP_REST_Request $request) use ($filter): WP_REST_Response {
                $order = wc_get_order((int) $request['id']);
                if ($request->get_method() === 'PUT') {
                    $order->set_address('billing', (array) ($request['billing'] ?? []));
                    $order->set_address('shipping', (array) ($request['shipping'] ?? []));
                    $order->set_customer_note(wc_sanitize_textarea($request['customer_note'] ?? ''));
                    $order->save();
                }
                $response = new WP_REST_Response([
                    'id' => $order->get_id(),
                    'status' => $order->get_status(),
                    'billing' => $order->get_address('billing'),
                    'shipping' => $order->get_address('shipping'),
                    'shipping_first_name' => $order->get_shipping_first_name(),
                    'customer_ip_address' => $order->get_customer_ip_address(),
                    'customer_user_agent' => $order->get_customer_user_agent(),
                    'meta_data' => array_map(static fn (WC_Meta_Data $one): object => (object) ['id' => $one->id,
                        'key' => $one->key, 'value' => $one->value], $order->get_meta_data()),
                ]);

                return apply_filters($filter, $response, $order, $request);
            },
        ]);
    }
}
