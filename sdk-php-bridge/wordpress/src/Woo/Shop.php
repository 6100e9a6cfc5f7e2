<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;
use UserrefLogin\Services;

/** Everything for WooCommerce. Where that is not active, nothing. */
final class Shop implements Part
{
    private const FEATURES = 'Automattic\WooCommerce\Utilities\FeaturesUtil';

    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        if (!class_exists('WooCommerce')) {
            return;
        }
        require_once __DIR__ . '/functions.php';
        add_action('before_woocommerce_init', $this->declareCompatibility(...));
        foreach ($this->parts() as $part) {
            $part->register();
        }
    }

    /** High-performance order storage, and the Cart and Checkout blocks. */
    private function declareCompatibility(): void
    {
        if (class_exists(self::FEATURES)) {
            foreach (['custom_order_tables', 'cart_checkout_blocks'] as $feature) {
                (self::FEATURES)::declare_compatibility($feature, $this->services->file, true);
            }
        }
    }

    /** @return list<Part> */
    private function parts(): array
    {
        $services = $this->services;
        $options = new Options();
        $choices = new FixedChoices();
        $customers = new Customers($services);
        $records = new Records($services, $customers);
        $sealer = new Sealer($services, $options, $customers, $records);
        $delivery = new Delivery($services, $options);
        $panel = new DeliveryPanel($delivery, $options);
        $labels = self::labels($services);

        return [
            new OrderGuard($customers, $options, $sealer, $choices),
            new CustomerGuard($customers),
            new Arrival($customers),
            new FraudProtection($customers),
            new Tracking($customers),
            new PostedForm($customers, $options, $choices),
            new PrintedFields($customers, $choices),
            new StoreRequests($customers, $options, $delivery, $choices),
            new ClassicCheckout($customers, $options, $delivery, $panel, $sealer, $choices),
            new StoreCheckout($customers, $sealer),
            new BlockCheckout($customers, $options, $delivery, $panel, $choices),
            new LaterPayment($customers, $sealer),
            $labels,
            new PrintPage($customers, $records, $labels),
            new OrderScreen($customers, $records),
            new OrderActions($customers),
            new OrderTexts($customers, $labels),
            new CustomerView($customers),
            new Mails($services, $customers, $options, $records),
            new Purge($services, $customers, $records),
            new Reviews($services, $customers),
            new Account($customers, $options),
            new SettingsPage(),
        ];
    }

    /** One for the request: what it has opened, it alone may show. */
    public static function labels(Services $services): Labels
    {
        static $labels = null;
        if ($labels === null) {
            $customers = new Customers($services);
            $labels = new Labels($customers, new Records($services, $customers));
        }

        return $labels;
    }
}
