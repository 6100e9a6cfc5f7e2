<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/**
 * Orders of the Checkout block: sealed before payment, or refused. The hooks are those of
 * `StoreApi\Routes\V1\Checkout` and `CheckoutOrder` (WooCommerce 7.2 to 11).
 */
final class StoreCheckout implements Part
{
    private const EXCEPTION = 'Automattic\WooCommerce\StoreApi\Exceptions\RouteException';

    public function __construct(private readonly Customers $customers, private readonly Sealer $sealer)
    {
    }

    public function register(): void
    {
        // While the order is a draft still.
        add_action('woocommerce_store_api_checkout_update_order_from_request', $this->seal(...), PHP_INT_MAX, 2);
        // The last step before payment. Also where the order was made by another way than the one above.
        add_action('woocommerce_store_api_checkout_order_processed', $this->insist(...), 1);
    }

    /** @throws \Exception with 403 */
    public function seal(mixed $order, mixed $request): void
    {
        $isOrdered = $request instanceof \WP_REST_Request && $request->get_method() === 'POST';
        if ($isOrdered && $this->isOurs($order)) {
            $this->sealOrRefuse($order);
        }
    }

    /** @throws \Exception with 403 */
    public function insist(mixed $order): void
    {
        if ($this->isOurs($order) && !$this->sealer->isSealed($order)) {
            $this->sealOrRefuse($order);
            $order->save();
        }
    }

    private function isOurs(mixed $order): bool
    {
        return $order instanceof \WC_Order && $this->customers->isOurs((int) $order->get_customer_id('edit'));
    }

    private function sealOrRefuse(\WC_Order $order): void
    {
        try {
            $this->sealer->seal($order);
        } catch (CheckoutRefused $refusal) {
            $message = esc_html($refusal->getMessage());
            // Its status and code reach the page; any other exception would be an error of the server's.
            throw class_exists(self::EXCEPTION)
                ? new (self::EXCEPTION)('userref_not_sealed', $message, 403)
                : new \Exception($message);
        }
    }
}
