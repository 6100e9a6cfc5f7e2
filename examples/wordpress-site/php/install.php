<?php

// Installs WordPress as its own installer does: a site, or (SITE_NETWORK=1) a network of sites in folders.

declare(strict_types=1);

require __DIR__ . '/command-line.php';

define('WP_INSTALLING', true);

require getenv('SITE_ROOT') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

// Nobody is told of the new site.
add_filter('pre_wp_mail', '__return_true');

$address = 'admin@site.invalid';
wp_install('Sample site', 'admin', $address, true, '', wp_generate_password(32), 'en_US');
$wp_rewrite->set_permalink_structure('/%postname%/');
$wp_rewrite->flush_rules(false);

if (getenv('SITE_NETWORK') === '1') {
    foreach ($wpdb->tables('ms_global') as $name => $table) {
        $wpdb->$name = $table;
    }
    install_network();
    $made = populate_network(1, $_SERVER['HTTP_HOST'], $address, 'Sample network', '/', false);
    if (is_wp_error($made) && $made->get_error_code() !== 'no_wildcard_dns') {
        fwrite(STDERR, $made->get_error_message());
        exit(1);
    }
}
echo 'installed';
