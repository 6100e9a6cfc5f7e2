<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/**
 * Text fields that plug-ins print into the classic checkout and read from `$_POST` by themselves, as WooCommerce's own
 * guide shows it: `WC_Checkout` does not know them, and their meta may be saved past `WC_Order::save`. Nobody can type
 * into them here, and what is posted in them all the same is replaced, by a word that passes for filled in.
 */
final class PrintedFields implements Part
{
    /** Where the shop's own fields are; those of payment methods are inside `woocommerce_checkout_order_review`. */
    private const PLACES = [
        'woocommerce_checkout_before_customer_details',
        'woocommerce_checkout_billing',
        'woocommerce_checkout_shipping',
        'woocommerce_checkout_after_customer_details',
        'woocommerce_checkout_before_order_review_heading',
        'woocommerce_checkout_before_order_review',
        'woocommerce_review_order_before_payment',
        'woocommerce_review_order_before_submit',
    ];
    /** In WooCommerce's session, from the page to what it posts. */
    private const SEEN = 'userref_login_printed';

    public function __construct(
        private readonly Customers $customers,
        private readonly FixedChoices $choices,
    ) {
    }

    public function register(): void
    {
        // Since WooCommerce 3.4, at the end of `woocommerce_form_field`.
        add_filter('woocommerce_form_field', $this->withoutText(...), PHP_INT_MAX, 3);
        add_action('woocommerce_before_checkout_process', $this->replaceText(...), PHP_INT_MIN);
    }

    public function withoutText(mixed $html, mixed $name = '', mixed $field = []): mixed
    {
        $isHidden = is_array($field) && ($field['type'] ?? '') === 'hidden';
        $isAsked = array_filter(self::PLACES, doing_action(...)) !== [];
        if (!$isAsked || $isHidden || $this->choices->isField($field, $name) || !$this->customers->isVisitor()) {
            return $html;
        }
        $seen = $this->seen();
        if (!in_array($name, $seen, true)) {
            WC()->session?->set(self::SEEN, [...$seen, (string) $name]);
        }

        return sprintf('<input type="hidden" name="%s" value="%s">', esc_attr((string) $name), SealedAddress::WORD);
    }

    /** Also for a page that was open since before, or one of the visitor's own making. */
    public function replaceText(): void
    {
        if (!$this->customers->isVisitor()) {
            return;
        }
        foreach ($this->seen() as $name) {
            $_POST[$name] = SealedAddress::WORD;
            $_REQUEST[$name] = SealedAddress::WORD;
        }
    }

    /** @return list<string> */
    private function seen(): array
    {
        return array_values(array_filter((array) WC()->session?->get(self::SEEN, []), 'is_string'));
    }
}
