<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/**
 * What mails, pages and programs show of an order of ours: that its address is sealed, instead of the words that stand
 * in for one; and to programs (REST API, webhooks) no envelope.
 */
final class OrderTexts implements Part
{
    public function __construct(private readonly Customers $customers, private readonly Labels $labels)
    {
    }

    public function register(): void
    {
        foreach (['billing', 'shipping'] as $type) {
            add_filter("woocommerce_order_get_formatted_{$type}_address", fn (mixed $text, mixed $raw, mixed $order = null)
                => $this->text($text, $order, $type), PHP_INT_MAX, 3);
        }
        // Versions 2 and 3 of the REST API and webhooks; version 4 (10.2 and later).
        foreach (['woocommerce_rest_prepare_shop_order_object', 'woocommerce_rest_api_v4_orders_item_response'] as $hook) {
            add_filter($hook, $this->withoutEnvelopes(...), PHP_INT_MAX);
        }
        add_filter('woocommerce_shipping_address_map_url', $this->noMap(...), PHP_INT_MAX, 2);
    }

    /** @param 'billing'|'shipping' $type */
    private function text(mixed $text, mixed $order, string $type): mixed
    {
        $isSealed = $order instanceof \WC_Order && $this->customers->isSealed($order);
        if (!$isSealed || ($type === 'shipping' && $this->labels->isOpen($order))) {
            return $text;
        }
        $country = (string) $order->{"get_{$type}_country"}('edit');
        $name = WC()->countries->get_countries()[$country] ?? $country;

        return implode('<br/>', array_map('esc_html', array_filter([
            __('Sealed: the shop does not hold this address.', 'userref-login'),
            $name,
        ])));
    }

    public function withoutEnvelopes(mixed $response): mixed
    {
        if (!$response instanceof \WP_REST_Response) {
            return $response;
        }
        $data = $response->get_data();
        if (is_array($data) && is_array($data['meta_data'] ?? null)) {
            $data['meta_data'] = array_values(array_filter(
                $data['meta_data'],
                static fn (mixed $meta): bool => !str_starts_with(
                    (string) (is_object($meta) ? $meta->key : $meta['key'] ?? ''),
                    '_userref_sealed_',
                ),
            ));
            $response->set_data($data);
        }

        return $response;
    }

    public function noMap(mixed $url, mixed $order = null): mixed
    {
        return $order instanceof \WC_Order && $this->customers->isSealed($order) ? '' : $url;
    }
}
