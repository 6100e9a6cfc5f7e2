<?php

/*
 * Plugin Name: Faults
 * Description: What other plug-ins and servers do, each switched on by a constant of wp-config.php.
 */

declare(strict_types=1);

if (defined('TEST_SHUT_REST')) {
    add_filter('rest_authentication_errors', static fn ($result) => $result ?? new WP_Error('rest_forbidden', 'Shut.', ['status' => 401]));
}

/** Another plug-in's manager of session tokens; WordPress names its class. */
class TestTokenManager extends WP_User_Meta_Session_Tokens
{
}

if (defined('TEST_TOKEN_MANAGER')) {
    add_action('plugins_loaded', static function (): void {
        add_filter('session_token_manager', static fn (): string => TestTokenManager::class, TEST_TOKEN_MANAGER === 'last' ? PHP_INT_MAX : 10);
    }, PHP_INT_MAX);
}

if (defined('TEST_LONG_COOKIES')) {
    add_filter('auth_cookie_expiration', static fn (): int => YEAR_IN_SECONDS, PHP_INT_MAX);
}

// Counts what a page asks of the database that asks the plug-in who is there, for who wants to know.
if (isset($_SERVER['HTTP_X_COUNT_QUERIES'])) {
    add_action('wp', static fn () => UserrefLogin\Plugin::services()->site()->user());
    ob_start(static function (string $page): string {
        header('X-Queries: ' . get_num_queries());

        return $page;
    });
}

// A nonce of the visitor's own, as a page would have it that they may not see.
if (isset($_SERVER['HTTP_X_WANT_NONCE'])) {
    add_action('init', static fn () => header('X-Nonce: ' . wp_create_nonce($_SERVER['HTTP_X_WANT_NONCE'])));
}
