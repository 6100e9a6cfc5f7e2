<?php

declare(strict_types=1);

namespace UserrefLogin\Users;

use UserrefLogin\Part;
use UserrefLogin\Services;
use WP_Error;
use WP_User;

/**
 * Members sign in by Userref alone: they know no password, get none, and none counts. Local accounts keep theirs, also
 * when they are connected, so that no administrator is ever locked out.
 */
final class Passwords implements Part
{
    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_filter('authenticate', $this->refuse(...), PHP_INT_MAX);
        add_filter('allow_password_reset', $this->unlessMember(...), PHP_INT_MAX, 2);
        add_filter('show_password_fields', $this->unlessMember(...), PHP_INT_MAX, 2);
        add_filter('wp_is_application_passwords_available_for_user', $this->unlessMember(...), PHP_INT_MAX, 2);
        add_filter('validate_username', static fn (mixed $isValid, mixed $name): bool
            => $isValid && !self::isReserved((string) $name), PHP_INT_MAX, 2);
        add_filter('wpmu_validate_user_signup', static function (array $result): array {
            if (self::isReserved((string) ($result['user_name'] ?? ''))) {
                // WordPress' own words.
                $result['errors']->add('user_name', __('Sorry, that username is not allowed.')); // phpcs:ignore WordPress.WP.I18n
            }

            return $result;
        });
    }

    private function refuse(mixed $user): mixed
    {
        return $user instanceof WP_User && $this->services->users()->isMember($user)
            ? new WP_Error('userref_no_password', esc_html__('This account signs in with Userref.', 'userref-login'))
            : $user;
    }

    private function unlessMember(mixed $isAllowed, mixed $user): mixed
    {
        $id = $user instanceof WP_User ? $user->ID : (int) $user;

        return $id > 0 && $this->services->users()->isMember($id) ? false : $isAllowed;
    }

    /** A name that looks like a `user_ref` is nobody's to choose: the account of that person would be in its place. */
    private static function isReserved(string $name): bool
    {
        return preg_match('/\A\s*ppid_/i', $name) === 1;
    }
}
