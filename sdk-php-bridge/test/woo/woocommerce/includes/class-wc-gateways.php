<?php

declare(strict_types=1);

/** As class-wc-payment-gateways.php, with one method that takes the money at once and remembers that it did. */
final class WC_Gateways
{
    /** @return array<string, self> */
    public function get_available_payment_gateways(): array
    {
        return ['test' => $this];
    }

    /** @return array{result: string, redirect: string} */
    public function process_payment(int $orderId): array
    {
        update_option('test_paid_orders', [...(array) get_option('test_paid_orders', []), $orderId]);
        $order = wc_get_order($orderId);
        $order->payment_complete();

        return ['result' => 'success', 'redirect' => $order->get_checkout_order_received_url()];
    }
}
