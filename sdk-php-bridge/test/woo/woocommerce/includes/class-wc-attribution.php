<?php

declare(strict_types=1);

/**
 * As src/Internal/Orders/OrderAttributionController.php: the visitor's browser and ways go into the order's meta, by
 * `save_meta_data`, which no hook of `save` sees. From the form, and from the block by `extensions`.
 */
final class WC_Attribution
{
    private const PREFIX = 'wc_order_attribution_';

    public static function init(): void
    {
        add_action('woocommerce_checkout_order_created', static function (WC_Order $order): void {
            $values = [];
            foreach ($_POST as $name => $value) {
                if (str_starts_with((string) $name, self::PREFIX)) {
                    $values[substr((string) $name, strlen(self::PREFIX))] = wc_clean(wp_unslash($value));
                }
            }
            self::keep($order, $values);
        });
        add_action('woocommerce_store_api_checkout_update_order_from_request', static function ($order, $request): void {
            self::keep($order, (array) ($request['extensions']['woocommerce/order-attribution'] ?? []));
        }, 10, 2);
    }

    /** @param array<string, mixed> $values */
    private static function keep(WC_Order $order, array $values): void
    {
        // `send_order_tracks`, whatever is known.
        WC_Tracks::record_event('order_attribution', ['order_id' => $order->get_id(), 'type' => $values['type'] ?? '']);
        foreach (array_filter($values) as $name => $value) {
            $order->add_meta_data('_' . self::PREFIX . $name, $value);
        }
        $order->save_meta_data();
    }
}
