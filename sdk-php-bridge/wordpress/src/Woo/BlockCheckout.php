<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Exception\UserrefThrowable;
use UserrefLogin\Part;

/**
 * The page of the checkout, with block or shortcode: rates for the country that the visitor shares, and for the block a
 * panel in place of its fields. The block asks the server for nothing of ours and runs no script of ours.
 */
final class BlockCheckout implements Part
{
    /** The steps that hold address fields, and the field of the e-mail; the block insists on having them. */
    private const STYLE = '#shipping-fields,#billing-fields,.wc-block-checkout__use-address-for-billing,'
        . '#contact-fields .wc-block-components-address-form__email{display:none}'
        . '#contact-fields .wc-block-components-text-input:has(#email){display:none}';

    public function __construct(
        private readonly Customers $customers,
        private readonly Options $options,
        private readonly Delivery $delivery,
        private readonly DeliveryPanel $panel,
        private readonly FixedChoices $choices,
    ) {
    }

    public function register(): void
    {
        // Once plug-ins have registered their fields.
        add_action('wp_loaded', $this->fillHiddenFields(...), PHP_INT_MAX);
        add_action('template_redirect', $this->prepare(...), 20);
        add_filter('render_block_woocommerce/checkout', $this->withPanel(...), PHP_INT_MAX);
        add_filter('render_block_woocommerce/checkout-order-note-block', $this->withoutNote(...), PHP_INT_MAX);
    }

    /** Text fields of a shop's own are hidden with the address, and nobody could get past one that is needed and empty. */
    public function fillHiddenFields(): void
    {
        foreach ($this->customers->isVisitor() ? $this->choices->textsOfAddresses() : [] as $field) {
            add_filter("woocommerce_get_default_value_for_{$field}", fn (mixed $value, mixed $group = '', mixed $object = null)
                => $object instanceof \WC_Customer && $this->customers->isOurs((int) $object->get_id())
                    ? SealedAddress::WORD
                    : $value, PHP_INT_MAX, 3);
        }
    }

    /** Before the page is made: the block's first state (`Hydration`) is taken from the customer of the session. */
    public function prepare(): void
    {
        if (!is_checkout() || is_wc_endpoint_url() || WC()->customer === null || !$this->customers->isVisitor()) {
            return;
        }
        nocache_headers();
        header('Cache-Control: no-store, private');
        try {
            $country = $this->delivery->country();
        } catch (UserrefThrowable) {
            return;
        }
        $customer = WC()->customer;
        foreach (['billing', 'shipping'] as $type) {
            foreach (SealedAddress::of($country) as $field => $value) {
                if (is_callable([$customer, "set_{$type}_{$field}"])) {
                    $customer->{"set_{$type}_{$field}"}($value);
                }
            }
        }
        $customer->save();
    }

    /** Pages that show or pay an order come out of the same block, and are no checkout. */
    public function withPanel(mixed $html): mixed
    {
        if (!is_string($html) || is_wc_endpoint_url() || !$this->customers->isVisitor()) {
            return $html;
        }
        $panel = $this->panel->html();
        $isReady = !str_contains($panel, 'userref-delivery-problem');

        return '<style>' . self::STYLE . '</style>' . $panel . ($isReady ? $html : '');
    }

    public function withoutNote(mixed $html): mixed
    {
        return !$this->options->keepsNotes() && $this->customers->isVisitor() ? '' : $html;
    }
}
