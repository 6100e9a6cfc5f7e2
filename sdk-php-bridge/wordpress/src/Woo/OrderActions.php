<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/**
 * Somebody of the shop has WooCommerce mail an order's details, by its app or the REST API, and types the receiver
 * along (`OrderActionsRestController::maybe_update_billing_email`, WooCommerce 9.8 to 11). WooCommerce writes that
 * address into the order and into a note. The person has one already, which nobody of the shop needs to know.
 */
final class OrderActions implements Part
{
    private const ROUTE = '~\A/wc/v\d+/orders/(\d+)/actions/~i';

    public function __construct(private readonly Customers $customers)
    {
    }

    public function register(): void
    {
        // After WordPress has asked whether they may: nobody else learns which orders are sealed.
        add_filter('rest_dispatch_request', $this->refuse(...), PHP_INT_MAX, 2);
    }

    public function refuse(mixed $result, mixed $request): mixed
    {
        if (!$request instanceof \WP_REST_Request || preg_match(self::ROUTE, $request->get_route(), $found) !== 1) {
            return $result;
        }
        $email = (string) ($request['email'] ?? '');
        if ($email === '' || $this->customers->isPlaceholder($email)) {
            return $result;
        }
        $order = wc_get_order((int) $found[1]);

        return $order instanceof \WC_Order && $this->customers->isSealed($order)
            ? new \WP_Error(
                'userref_address_is_sealed',
                __('The e-mail address of this customer is sealed. Leave it out: the mail reaches them all the same.', 'userref-login'),
                ['status' => 400],
            )
            : $result;
    }
}
