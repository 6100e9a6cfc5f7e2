<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/**
 * WooCommerce's Fraud Protection (10.5 and later, off unless the shop's owner wants it) collects IP address, browser and
 * address of a visitor and sends them to a service. It asks before each step whether it is on
 * (`FraudProtectionController::feature_is_enabled`); for ours it is not.
 */
final class FraudProtection implements Part
{
    public function __construct(private readonly Customers $customers)
    {
    }

    public function register(): void
    {
        add_filter('pre_option_woocommerce_feature_fraud_protection_enabled', $this->off(...), PHP_INT_MAX);
    }

    public function off(mixed $value): mixed
    {
        // Before `init` nobody knows who is there; in the dashboard it is the shop's owner who looks at the setting.
        $isVisit = did_action('init') > 0 && (!is_admin() || wp_doing_ajax());

        return $isVisit && $this->customers->isVisitor() ? 'no' : $value;
    }
}
