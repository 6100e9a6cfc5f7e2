<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/** Fulfilment begins when the order is paid: where that was later than the order, the windows begin anew. */
final class LaterPayment implements Part
{
    private const LATE_SECONDS = 86400;

    public function __construct(private readonly Customers $customers, private readonly Sealer $sealer)
    {
    }

    public function register(): void
    {
        add_action('woocommerce_payment_complete', $this->sealAnew(...));
    }

    public function sealAnew(mixed $orderId): void
    {
        $order = wc_get_order($orderId);
        $made = $order instanceof \WC_Order ? $order->get_date_created()?->getTimestamp() : null;
        if ($made === null || time() - $made < self::LATE_SECONDS || !$this->customers->isSealed($order)) {
            return;
        }
        try {
            $this->sealer->seal($order);
            $order->save_meta_data();
        } catch (CheckoutRefused) {
            // It is paid already; what was sealed with the order stays as long as it lasts.
        }
    }
}
