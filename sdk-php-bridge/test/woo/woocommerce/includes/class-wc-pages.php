<?php

declare(strict_types=1);

/** The pages: the checkout by shortcode (templates/checkout/form-checkout.php), by block, and parts of My account. */
final class WC_Pages
{
    public static function init(): void
    {
        // `WC_Query`: pages that follow an order are endpoints of the checkout's.
        add_filter('query_vars', static fn (array $names): array => [...$names, 'order-received', 'order-pay']);
        add_action('init', static function (): void {
            add_shortcode('woocommerce_checkout', [self::class, 'checkout']);
            register_block_type('woocommerce/checkout', ['render_callback' => [self::class, 'block']]);
            register_block_type('woocommerce/checkout-order-note-block', [
                'render_callback' => static fn (): string => '<div data-block-name="order-note"></div>',
            ]);
            register_block_type('woocommerce/order-confirmation-summary', ['render_callback' => [self::class, 'summary']]);
            add_action('woocommerce_account_edit-address_endpoint', 'woocommerce_account_edit_address');
            add_shortcode('test_edit_address', static function (): string {
                ob_start();
                do_action('woocommerce_account_edit-address_endpoint', '');

                return wc_print_notices() . ob_get_clean();
            });
        });
    }

    /** `WC_Shortcode_Checkout::output` */
    public static function checkout(): string
    {
        if (WC()->cart === null) {
            return '';
        }
        if (is_wc_endpoint_url()) {
            return '<p class="woocommerce-order">The order, or what pays it.</p>' . self::thankYou();
        }
        WC()->checkout();
        ob_start();
        do_action('woocommerce_checkout_billing');
        do_action('woocommerce_checkout_shipping');

        return sprintf(
            '%s<form class="checkout" data-nonce="%s" data-shipping="%s">%s</form>',
            wc_print_notices(),
            wp_create_nonce('woocommerce-process_checkout'),
            WC()->cart->shippingCost(),
            ob_get_clean(),
        );
    }

    /** templates/checkout/thankyou.php */
    private static function thankYou(): string
    {
        $order = wc_get_order((int) get_query_var('order-received'));
        if (!$order instanceof WC_Order) {
            return '';
        }
        ob_start();
        do_action('woocommerce_before_thankyou', $order->get_id());
        echo "<p>Email: {$order->get_billing_email()}</p>";
        do_action("woocommerce_thankyou_{$order->get_payment_method()}", $order->get_id());
        do_action('woocommerce_thankyou', $order->get_id());
        // What a gateway reads at these hooks.
        echo "<i data-gateway='{$order->get_billing_email()}'></i>";
        echo wc_get_template_html('order/order-details-customer.php', static fn (): string
            => "<address>{$order->get_formatted_billing_address()} {$order->get_billing_email()}</address>");

        return (string) ob_get_clean();
    }

    /** `BlockTypes\OrderConfirmation\Summary` */
    public static function summary(): string
    {
        $order = wc_get_order((int) get_query_var('order-received'));

        return $order instanceof WC_Order ? "<p>Summary: {$order->get_billing_email()}</p>" : '';
    }

    /**
     * The block is a page by script: its first state is the answer of the Store API, its steps are in the markup. At
     * endpoints it is the shortcode's page (`BlockTypes\Checkout::render`).
     */
    public static function block(): string
    {
        if (is_wc_endpoint_url()) {
            return self::checkout();
        }
        $state = WC()->cart === null ? [] : WC_Store_Api::cart();

        return sprintf(
            '<div class="wp-block-woocommerce-checkout" data-nonce="%s" data-state="%s">%s</div>',
            wp_create_nonce('wc_store_api'),
            esc_attr((string) wp_json_encode($state)),
            do_blocks('<!-- wp:woocommerce/checkout-order-note-block /-->'),
        );
    }
}

/** templates/myaccount/form-edit-address.php */
function woocommerce_account_edit_address(): void
{
    echo '<form class="edit-address"><input name="billing_first_name"></form>';
}
