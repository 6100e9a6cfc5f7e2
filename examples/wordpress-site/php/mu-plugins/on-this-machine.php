<?php

/*
 * Plugin Name: A site on this machine
 * Description: What WordPress has no answer for when its host is "localhost" with a port.
 */

declare(strict_types=1);

// WordPress makes the sender of mails of the host, and none of "localhost" is an address.
add_filter('wp_mail_from', static fn (string $from): string => is_email($from) ? $from : 'site@site.invalid');

// Sites that are added to a network lose the colon of their port.
add_filter('wp_normalize_site_data', static function (array $data): array {
    $domain = defined('DOMAIN_CURRENT_SITE') ? DOMAIN_CURRENT_SITE : '';
    if (($data['domain'] ?? null) === str_replace(':', '', $domain)) {
        $data['domain'] = $domain;
    }
    return $data;
}, 20);
