<?php

declare(strict_types=1);

/**
 * As src/Internal/StockNotifications/Frontend/SignupService.php (10.2 and later): who waits for a product leaves an
 * address, which is the account's for those who are signed in.
 */
final class WC_Stock_Notifications
{
    public static function init(): void
    {
        add_action('wp_loaded', static function (): void {
            global $wpdb;
            if (isset($_POST['wc_bis_register'])) {
                $wpdb->insert("{$wpdb->prefix}wc_stock_notifications", [
                    'user_id' => get_current_user_id(),
                    'user_email' => is_user_logged_in()
                        ? wp_get_current_user()->user_email
                        : sanitize_email(wp_unslash($_POST['wc_bis_email'] ?? '')),
                ]);
            }
        }, 20);
    }
}
