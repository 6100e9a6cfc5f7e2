<?php

// As wc-core-functions.php, wc-formatting-functions.php, wc-order-functions.php and others.

declare(strict_types=1);

function WC(): WooCommerce // phpcs:ignore
{
    return WooCommerce::instance();
}

function wc_load_cart(): void
{
    WC()->load();
}

function wc_clean(mixed $value): mixed
{
    return is_array($value) ? array_map('wc_clean', $value) : (is_scalar($value) ? sanitize_text_field((string) $value) : $value);
}

function wc_strtolower(string $text): string
{
    return mb_strtolower($text);
}

/** @param array<string, mixed> $args */
function woocommerce_form_field(string $key, array $args, mixed $value = null): void // phpcs:ignore
{
    $args = array_merge(['type' => 'text', 'required' => false], $args);
    $element = $args['type'] === 'textarea' ? '<textarea name="%s"></textarea>' : '<input name="%s">';
    $field = sprintf($element, esc_attr($key));
    $field = apply_filters("woocommerce_form_field_{$args['type']}", $field, $key, $args, $value);
    echo apply_filters('woocommerce_form_field', $field, $key, $args, $value);
}

function wc_sanitize_textarea(mixed $value): string
{
    return sanitize_textarea_field((string) $value);
}

function wc_format_country_state_string(string $text): array
{
    [$country, $state] = explode(':', $text) + ['', ''];

    return ['country' => $country, 'state' => $state];
}

/** Asks the geolocation where the shop's owner wants it (`woocommerce_default_customer_address`). */
function wc_get_customer_default_location(): array
{
    $location = wc_format_country_state_string(
        (string) apply_filters('woocommerce_customer_default_location', get_option('woocommerce_default_country', 'US:CA'))
    );
    if (get_option('woocommerce_default_customer_address') === 'geolocation') {
        $found = WC_Geolocation::geolocate_ip();
        $location = $found['country'] === '' ? $location : $found;
    }

    return apply_filters('woocommerce_customer_default_location_array', $location);
}

function wc_get_user_agent(): string
{
    return wc_clean(wp_unslash($_SERVER['HTTP_USER_AGENT'] ?? ''));
}

function wc_get_order(mixed $order): WC_Order|false
{
    $id = $order instanceof WC_Order ? $order->get_id() : (is_numeric($order) ? (int) $order : 0);

    return $id > 0 && WC_Order_Store::exists($id) ? new WC_Order($id) : false;
}

/** @return list<WC_Order> */
function wc_get_orders(array $query): array
{
    $ids = WC_Order_Store::ids($query);

    return ($query['return'] ?? '') === 'ids' ? $ids : array_map(static fn (int $id): WC_Order => new WC_Order($id), $ids);
}

/** @return list<string> of WooCommerce, and of its subscriptions */
function wc_get_order_types(string $for = ''): array
{
    return ['shop_order', 'shop_order_refund', 'shop_subscription'];
}

function wc_get_order_statuses(): array
{
    return array_fill_keys(
        ['wc-pending', 'wc-processing', 'wc-on-hold', 'wc-completed', 'wc-cancelled', 'wc-refunded', 'wc-failed'],
        '',
    );
}

function wc_get_page_screen_id(string $for): string
{
    return $for === 'shop-order' ? 'woocommerce_page_wc-orders' : $for;
}

function wc_get_checkout_url(): string
{
    return home_url('/checkout/');
}

function is_checkout(): bool
{
    return is_page(['checkout', 'checkout-block']);
}

function is_wc_endpoint_url(): bool
{
    return array_intersect_key($GLOBALS['wp']->query_vars, ['order-received' => 1, 'order-pay' => 1]) !== [];
}

function wc_add_notice(string $message, string $type = 'success', array $data = []): void
{
    $notices = (array) WC()->session->get('wc_notices', []);
    $notices[$type][] = ['notice' => $message, 'data' => $data];
    WC()->session->set('wc_notices', $notices);
}

function wc_notice_count(string $type = ''): int
{
    return count((WC()->session->get('wc_notices', []))[$type] ?? []);
}

function wc_print_notices(): string
{
    $html = '';
    foreach ((array) WC()->session->get('wc_notices', []) as $type => $notices) {
        foreach ($notices as $notice) {
            $html .= "<div class=\"woocommerce-{$type}\">" . wp_kses_post($notice['notice']) . '</div>';
        }
    }
    WC()->session->set('wc_notices', []);

    return $html;
}

/** As wc_get_template() of includes/wc-core-functions.php; what the template says is given. */
function wc_get_template_html(string $name, callable $template): string
{
    do_action('woocommerce_before_template_part', $name, '', '', []);
    $html = $template();
    do_action('woocommerce_after_template_part', $name, '', '', []);

    return $html;
}
