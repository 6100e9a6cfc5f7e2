<?php

declare(strict_types=1);

/**
 * As includes/tracks/class-wc-tracks.php and class-wc-site-tracking.php: an event goes to Automattic with the visitor's
 * IP address and browser, where the shop's owner lets WooCommerce track. Orders are such events (8.5 and later).
 */
final class WC_Tracks
{
    /** @param array<string, mixed> $properties */
    public static function record_event(string $name, array $properties): void
    {
        $isOn = apply_filters('woocommerce_apply_user_tracking', true) && apply_filters('woocommerce_apply_tracking', true)
            && get_option('woocommerce_allow_tracking') === 'yes';
        if (!$isOn) {
            return;
        }
        $sent = $properties + ['_en' => "wcadmin_{$name}", '_via_ua' => wc_get_user_agent(),
            '_via_ip' => WC_Geolocation::get_ip_address(), '_ut' => 'anon'];
        wp_safe_remote_get('https://pixel.wp.com/t.gif?' . http_build_query($sent));
    }
}
