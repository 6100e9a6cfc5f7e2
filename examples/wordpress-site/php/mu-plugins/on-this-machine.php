<?php

/*
 * Plugin Name: A site on this machine
 * Description: What WordPress has no answer for when its host is "localhost" with a port, and the internet far away.
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

// Nothing leaves this machine: there is no use in trying, and in writing to the log that it failed.
foreach (['core', 'plugins', 'themes'] as $kind) {
    remove_action('admin_init', "_maybe_update_{$kind}");
}
