<?php

declare(strict_types=1);

/** As includes/class-wc-ajax.php: `do_wc_ajax` at `template_redirect` 0, `update_order_review`, `checkout`. */
final class WC_Ajax
{
    public static function init(): void
    {
        add_action('template_redirect', [self::class, 'do_wc_ajax'], 0);
        add_action('wp_ajax_woocommerce_checkout', [self::class, 'checkout']);
        add_action('wp_ajax_nopriv_woocommerce_checkout', [self::class, 'checkout']);
    }

    public static function do_wc_ajax(): void
    {
        match ($_GET['wc-ajax'] ?? '') {
            'checkout' => self::checkout(),
            'update_order_review' => self::update_order_review(),
            default => null,
        };
    }

    public static function checkout(): void
    {
        $result = WC()->checkout()->process_checkout();
        wp_send_json($result ?? ['result' => 'failure', 'messages' => wc_print_notices()]);
    }

    public static function update_order_review(): void
    {
        do_action('woocommerce_checkout_update_order_review', wp_unslash($_POST['post_data'] ?? ''));
        $names = ['country', 'state', 'postcode', 'city', 'address_1', 'address_2'];
        $props = [];
        foreach ($names as $name) {
            $posted = $name === 'address_1' ? 'address' : $name;
            $props["billing_{$name}"] = isset($_POST[$posted]) ? wc_clean(wp_unslash($_POST[$posted])) : null;
            $props["shipping_{$name}"] = isset($_POST["s_{$posted}"]) ? wc_clean(wp_unslash($_POST["s_{$posted}"])) : null;
        }
        WC()->customer->set_props($props);
        WC()->customer->save();
        wp_send_json(['result' => 'success', 'shipping' => WC()->cart->shippingCost()]);
    }
}
