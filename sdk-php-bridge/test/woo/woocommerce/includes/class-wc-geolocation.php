<?php

declare(strict_types=1);

/** As includes/class-wc-geolocation.php. */
final class WC_Geolocation
{
    public static function get_ip_address(): string
    {
        $given = $_SERVER['HTTP_X_REAL_IP'] ?? $_SERVER['HTTP_X_FORWARDED_FOR'] ?? $_SERVER['REMOTE_ADDR'] ?? '';

        return sanitize_text_field(wp_unslash(trim(explode(',', $given)[0])));
    }

    /** @return array{country: string, state: string} */
    public static function geolocate_ip(): array
    {
        $ip = self::get_ip_address();
        $country = apply_filters('woocommerce_geolocate_ip', false, $ip, false, true);
        if ($country === false) {
            // `geolocate_via_api` asks a service, and keeps what it was told.
            $country = get_transient("geoip_{$ip}");
            if ($country === false) {
                $answer = wp_safe_remote_get("https://ipinfo.io/{$ip}/json", ['timeout' => 2]);
                $country = (string) (json_decode(wp_remote_retrieve_body($answer))->country ?? '');
                set_transient("geoip_{$ip}", $country, DAY_IN_SECONDS);
            }
        }

        return ['country' => $country, 'state' => ''];
    }
}
