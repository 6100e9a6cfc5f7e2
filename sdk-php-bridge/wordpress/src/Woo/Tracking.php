<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/**
 * Where the shop's owner lets WooCommerce track, each order goes to its makers with the visitor's IP address and browser
 * (`OrderAttributionController::send_order_tracks`, `WC_Tracks::get_server_details`, 8.5 and later). Ours do not.
 */
final class Tracking implements Part
{
    public function __construct(private readonly Customers $customers)
    {
    }

    public function register(): void
    {
        // `WC_Site_Tracking::is_tracking_enabled` asks before each event.
        add_filter('woocommerce_apply_user_tracking', $this->isTracked(...), PHP_INT_MAX);
    }

    public function isTracked(mixed $isTracked): mixed
    {
        // Before `init` nobody knows who is there.
        return did_action('init') > 0 && $this->customers->isVisitor() ? false : $isTracked;
    }
}
