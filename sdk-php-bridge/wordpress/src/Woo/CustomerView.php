<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/**
 * Where WooCommerce shows an order of ours to its customer: no placeholder as their e-mail address, and no greeting by
 * the word that stands in for their name. Its templates leave out what is empty.
 */
final class CustomerView implements Part
{
    private const WITH_EMAIL = [
        'order/order-details-customer.php', 'emails/email-addresses.php', 'emails/plain/email-addresses.php',
    ];
    private const MAIL_TO_CUSTOMER = '~^emails/(plain/)?customer-~';
    private const SUMMARY = 'woocommerce/order-confirmation-summary';

    /** How many of such templates are being written, one within another. */
    private int $open = 0;

    public function __construct(private readonly Customers $customers)
    {
    }

    public function register(): void
    {
        add_action('woocommerce_before_template_part', fn (mixed $name) => $this->open += self::isShown($name));
        add_action('woocommerce_after_template_part', fn (mixed $name) => $this->open -= self::isShown($name));
        // Of the page that thanks, the overview alone: gateways come after it, in the same template.
        add_action('woocommerce_before_thankyou', $this->beginOverview(...), PHP_INT_MAX);
        add_filter('pre_render_block', $this->beginBlock(...), PHP_INT_MAX, 2);
        add_filter('render_block_' . self::SUMMARY, $this->endBlock(...), PHP_INT_MIN);
        foreach (['billing_email', 'billing_first_name', 'billing_last_name'] as $field) {
            add_filter("woocommerce_order_get_{$field}", $this->withoutConstant(...), PHP_INT_MAX, 2);
        }
    }

    public function withoutConstant(mixed $value, mixed $order = null): mixed
    {
        $isSealed = $this->open > 0 && $order instanceof \WC_Order && $this->customers->isSealed($order);

        return $isSealed ? '' : $value;
    }

    private function beginOverview(mixed $orderId): void
    {
        $order = wc_get_order((int) $orderId);
        if (!$order instanceof \WC_Order) {
            return;
        }
        $this->open++;
        $hook = "woocommerce_thankyou_{$order->get_payment_method()}";
        $end = function () use (&$end, $hook): void {
            remove_action($hook, $end, PHP_INT_MIN);
            $this->open--;
        };
        add_action($hook, $end, PHP_INT_MIN);
    }

    private function beginBlock(mixed $html, mixed $block): mixed
    {
        $this->open += (int) ($html === null && is_array($block) && ($block['blockName'] ?? '') === self::SUMMARY);

        return $html;
    }

    private function endBlock(mixed $html): mixed
    {
        $this->open = max(0, $this->open - 1);

        return $html;
    }

    private static function isShown(mixed $template): int
    {
        $name = (string) $template;

        return (int) (in_array($name, self::WITH_EMAIL, true) || preg_match(self::MAIL_TO_CUSTOMER, $name) === 1);
    }
}
