<?php

declare(strict_types=1);

/** As src/Internal/Email/EmailLogger.php (10.9 and later): who was mailed, by login, and why a mail failed. */
final class WC_Email_Logger
{
    private static string $reason = '';

    public static function init(): void
    {
        add_action('wp_mail_failed', static function (WP_Error $error): void {
            self::$reason = $error->get_error_message();
        });
        add_action('woocommerce_email_sent', static function (bool $isSent, string $id, WC_Email $email): void {
            $user = get_user_by('email', $email->object?->get_billing_email() ?? '');
            wc_get_logger()->log($isSent ? 'info' : 'warning', "Email \"{$id}\" " . ($isSent ? 'sent' : self::$reason), [
                'source' => 'transactional-emails',
                'recipient' => $user === false ? 'guest' : $user->user_login,
            ]);
        }, 10, 3);
    }
}
