<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefException;
use Userref\Session;
use UserrefLogin\Services;

/** Signs a visitor in to WordPress, with a token that nobody knew before. */
final class SignIn
{
    public function __construct(private readonly Services $services)
    {
    }

    /**
     * @param array<string, mixed> $session as {@see Session::toStorage} gives it
     *
     * @throws UserrefException `forbidden`, `service_unavailable`
     */
    public function as(array $session): void
    {
        $user = $this->services->users()->findOrCreate($session['user_ref']);
        $this->check($user);
        if (get_current_user_id() !== 0) {
            wp_destroy_current_session();
        }
        $this->setCookies($user->ID, $session);
        wp_set_current_user($user->ID);
        do_action('wp_login', $user->user_login, $user);
        do_action('userref_signed_in', $user, Session::fromStorage($session));
    }

    private function check(\WP_User $user): void
    {
        // With another manager of tokens nobody would ask whether the session was revoked.
        if (!TokenManagers::isOurs()) {
            throw new UserrefException(
                ErrorCode::ServiceUnavailable,
                'Another plug-in has taken over the sessions of this site.',
                isTransient: false,
            );
        }
        $isSpammer = is_multisite() && is_user_spammy($user);
        if ($isSpammer || !apply_filters('userref_may_sign_in', true, $user)) {
            throw new UserrefException(ErrorCode::Forbidden, 'This account may not sign in here.');
        }
    }

    /** @param array<string, mixed> $session */
    private function setCookies(int $userId, array $session): void
    {
        $attach = static fn (array $entry): array => [TokenManager::KEY => $session] + $entry;
        $lifetime = static fn (): int => max(1, $session['expires_at'] - time());
        // For what runs later in this request and asks for the token.
        $remember = static function (string $cookie): void {
            $_COOKIE[LOGGED_IN_COOKIE] = $cookie;
        };
        add_filter('attach_session_information', $attach, PHP_INT_MAX);
        add_filter('auth_cookie_expiration', $lifetime, PHP_INT_MAX);
        add_action('set_logged_in_cookie', $remember);
        wp_set_auth_cookie($userId);
        remove_filter('attach_session_information', $attach, PHP_INT_MAX);
        remove_filter('auth_cookie_expiration', $lifetime, PHP_INT_MAX);
        remove_action('set_logged_in_cookie', $remember);
    }
}
