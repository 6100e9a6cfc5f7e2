<?php

declare(strict_types=1);

/** As includes/class-wc-cart.php: lines in the session, and rates by where the customer is. */
final class WC_Cart
{
    /** @return list<string> */
    public function get_cart(): array
    {
        return (array) WC()->session->get('cart', []);
    }

    public function add_to_cart(string $product): void
    {
        WC()->session->set('cart', [...$this->get_cart(), $product]);
    }

    public function is_empty(): bool
    {
        return $this->get_cart() === [];
    }

    public function empty_cart(): void
    {
        WC()->session->set('cart', []);
    }

    public function needs_shipping(): bool
    {
        return array_filter($this->get_cart(), static fn (string $one): bool => !str_starts_with($one, 'download')) !== [];
    }

    public function needs_shipping_address(): bool
    {
        return (bool) apply_filters('woocommerce_cart_needs_shipping_address', $this->needs_shipping());
    }

    /** `WC_Shipping::calculate_shipping_for_package` keeps rates with a hash of the whole package in the session. */
    public function calculate_totals(): void
    {
        $customer = WC()->customer;
        $destination = [
            'country' => $customer->get_shipping_country(),
            'state' => $customer->get_shipping_state(),
            'postcode' => $customer->get_shipping_postcode(),
            'city' => $customer->get_shipping_city(),
            'address' => $customer->get_shipping_address_1(),
        ];
        $rate = ['id' => 'flat:' . $destination['country'], 'cost' => $destination['country'] === 'EE' ? '5' : '9'];
        WC()->session->set('shipping_for_package_0', ['package_hash' => 'wc_ship_' . md5((string) wp_json_encode($destination)),
            'rates' => [$rate['id'] => $rate]]);
    }

    public function shippingCost(): string
    {
        $this->calculate_totals();
        $rates = WC()->session->get('shipping_for_package_0')['rates'];

        return $this->needs_shipping() ? reset($rates)['cost'] : '0';
    }

    public function fill(WC_Order $order): void
    {
        $shipping = $this->shippingCost();
        $order->set_items(['line_item' => $this->get_cart(), 'shipping' => $this->needs_shipping() ? ['Parcel'] : []]);
        $order->set_shipping_total($shipping);
        $order->set_total((string) (count($this->get_cart()) * 20 + (float) $shipping));
        $order->set_cart_hash(md5(implode(' ', $this->get_cart())));
        $order->set_currency('EUR');
    }
}
