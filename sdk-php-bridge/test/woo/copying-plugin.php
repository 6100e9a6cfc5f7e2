<?php

/**
 * What other plug-ins of shops do: they copy posted fields into orders and accounts, log what the checkout posts, and
 * ask the order for its address. Loaded as a must-use plug-in of the tests.
 */

declare(strict_types=1);

use Automattic\WooCommerce\Blocks\Domain\Services\CheckoutFields;
use Automattic\WooCommerce\Blocks\Package;

// Site editors' fields, in the way of their hundred plug-ins.
add_action('woocommerce_checkout_update_order_meta', static function (int $id, array $data): void {
    $order = wc_get_order($id);
    foreach (['billing_vat', 'billing_email', 'order_comments'] as $name) {
        if (!empty($_POST[$name])) {
            $order->update_meta_data("_copied_{$name}", sanitize_text_field(wp_unslash($_POST[$name])));
        }
    }
    $order->save();
    foreach ($data as $name => $value) {
        if (str_starts_with((string) $name, 'billing_') && get_current_user_id() > 0) {
            update_user_meta(get_current_user_id(), $name, $value);
        }
    }
}, 10, 2);

// WooCommerce Subscriptions.
add_action('init', static fn () => register_post_status('wc-active'));

// A field of the shop's own, and two of WooCommerce's registry: text and a choice.
add_filter('woocommerce_checkout_fields', static function (array $fields): array {
    $fields['order']['gift_text'] = ['type' => 'text', 'label' => 'gift'];
    $fields['order']['gift_wrap'] = ['type' => 'select', 'label' => 'wrap'];

    return $fields;
});
add_action('woocommerce_init', static function (): void {
    $fields = Package::container()->get(CheckoutFields::class);
    $fields->register_checkout_field(['id' => 'shop/gift-text', 'location' => 'order']);
    $fields->register_checkout_field(['id' => 'shop/newsletter', 'location' => 'contact', 'type' => 'checkbox']);
    $fields->register_checkout_field(['id' => 'shop/wrap', 'location' => 'order', 'type' => 'select']);
    $fields->register_checkout_field(['id' => 'shop/door-code', 'location' => 'address', 'required' => true]);
    $fields->register_checkout_field(['id' => 'shop/floor', 'location' => 'address']);
});
add_action('woocommerce_checkout_create_order', static function (WC_Order $order, array $data): void {
    foreach (['gift_text', 'gift_wrap'] as $name) {
        $order->update_meta_data("_{$name}", $data[$name] ?? '');
    }
    foreach (['_wc_other/shop/text', '_wc_other/shop/newsletter'] as $name) {
        $order->update_meta_data($name, sanitize_text_field(wp_unslash($_POST[$name] ?? '')));
    }
}, 10, 2);

// A field that the checkout does not know of, in the way of WooCommerce's own guide: its meta is saved past `save`.
add_action('woocommerce_after_order_notes', static function (): void {
    woocommerce_form_field('shop_engraving', ['type' => 'text', 'label' => 'Engraving', 'required' => true]);
    woocommerce_form_field('shop_colour', ['type' => 'select', 'label' => 'Colour', 'options' => ['red', 'blue']]);
});
add_action('woocommerce_checkout_process', static function (): void {
    if (get_option('test_engraves') && empty($_POST['shop_engraving'])) {
        wc_add_notice('What shall it say?', 'error');
    }
});
add_action('woocommerce_checkout_update_order_meta', static function (int $id): void {
    $order = wc_get_order($id);
    foreach (['shop_engraving', 'shop_colour'] as $name) {
        if (!empty($_POST[$name])) {
            $order->update_meta_data("_{$name}", sanitize_text_field(wp_unslash($_POST[$name])));
        }
    }
    $order->save_meta_data();
});

// Where a request came from, under names of the plug-in's own; and a look at the order just before it is stored.
add_action('woocommerce_checkout_create_order', static function (WC_Order $order): void {
    $order->update_meta_data('_seen_from', ['ip' => WC_Geolocation::get_ip_address(), 'by' => [wc_get_user_agent()]]);
}, PHP_INT_MAX);
// The same once more, into what is there already.
add_action('woocommerce_checkout_order_processed', static function (int $id, array $data, WC_Order $order): void {
    $order->update_meta_data('_seen_from', [...(array) $order->get_meta('_seen_from'), WC_Geolocation::get_ip_address()]);
    $order->save();
}, 10, 3);
add_action('woocommerce_before_order_object_save', static function (WC_Order $order): void {
    $seen = [$order->get_customer_ip_address(), $order->get_customer_user_agent(), $order->get_billing_email()];
    // What guests typed before they signed in stays where a plug-in put it.
    if (is_user_logged_in()) {
        error_log('about to store: ' . wp_json_encode($seen));
    }
});

add_action('woocommerce_checkout_process', static function (): void {
    error_log('checkout: ' . wp_json_encode($_POST));
});

add_action('woocommerce_store_api_checkout_update_order_from_request', static function ($order, $request): void {
    error_log('store checkout: ' . wp_json_encode($request->get_params()));
}, 10, 2);

add_action('woocommerce_email_sent', static function (bool $isSent, string $id, WC_Email $email): void {
    error_log("mail {$id} to " . $email->object->get_billing_email() . ($isSent ? ' sent' : ' not sent'));
}, 10, 3);

foreach (['wp_mail', 'wp_mail_succeeded'] as $hook) {
    add_filter($hook, static function (mixed $mail) use ($hook): mixed {
        error_log("{$hook}: " . wp_json_encode($mail));

        return $mail;
    });
}
add_action('wp_mail_failed', static function (WP_Error $error): void {
    error_log('wp_mail_failed: ' . wp_json_encode([$error->get_error_messages(), $error->get_error_data()]));
});

// Whom the site would have sent something: none of it leaves this machine, and a search finds what it was.
add_filter('pre_http_request', static function (mixed $answer, array $request, string $url): mixed {
    if (preg_match('~\Ahttps://(?:pixel\.wp\.com|ipinfo\.io|integration\.invalid)/~', $url) !== 1) {
        return $answer;
    }
    if (get_option('test_is_integrated')) {
        $line = "{$url} " . (is_string($request['body'] ?? null) ? $request['body'] : '') . "\n";
        file_put_contents(wp_upload_dir()['basedir'] . '/sent.log', $line, FILE_APPEND);
    }

    return ['headers' => [], 'response' => ['code' => 200, 'message' => 'OK'], 'body' => '{"country":"FI"}', 'cookies' => []];
}, 10, 3);

// A page that was open since before: its nonce is good, its fields are WooCommerce's own.
add_action('template_redirect', static function (): void {
    if (isset($_GET['test-nonce'])) {
        exit(wp_create_nonce('wc_store_api'));
    }
});

// A plug-in that makes orders by itself, past the hooks that follow in `WC_Checkout::create_order`.
add_filter('woocommerce_create_order', static function (mixed $id): mixed {
    if (!get_option('test_foreign_order')) {
        return $id;
    }
    $order = new WC_Order();
    $order->set_customer_id(get_current_user_id());
    WC()->cart->fill($order);

    return $order->save();
});

// A mail server of the test's own.
add_action('phpmailer_init', static function (object $mailer): void {
    if (get_option('test_mail_port')) {
        $mailer->isSMTP();
        $mailer->Host = '127.0.0.1';
        $mailer->Port = (int) get_option('test_mail_port');
        $mailer->SMTPAutoTLS = false;
        $mailer->SMTPDebug = 3;
        $mailer->Debugoutput = 'error_log';
    }
});
