<?php

/**
 * Plugin Name:       Userref Login
 * Description:       Login without personal data: members are known by a random name, and nothing else is stored.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      8.1
 * Author:            Userref
 * Network:           true
 * Update URI:        false
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       userref-login
 * Domain Path:       /languages
 *
 * Every version of PHP must be able to read this file: it says so when the others need a newer one.
 */

declare(strict_types=1);

if (!defined('ABSPATH')) {
    exit;
}

if (PHP_VERSION_ID < 80100 || version_compare($GLOBALS['wp_version'], '6.1', '<')) {
    add_action('all_admin_notices', static function () {
        if (!current_user_can('activate_plugins')) {
            return;
        }
        $text = sprintf(
            /* translators: 1: version of PHP, 2: version of WordPress */
            __(
                'Userref Login needs PHP 8.1 and WordPress 6.1, and is idle: here are PHP %1$s and WordPress %2$s.',
                'userref-login'
            ),
            PHP_VERSION,
            $GLOBALS['wp_version']
        );
        echo '<div class="notice notice-error"><p>' . esc_html($text) . '</p></div>';
    });
} else {
    require __DIR__ . '/src/autoload.php';
    UserrefLogin\Plugin::start(__FILE__);
}
