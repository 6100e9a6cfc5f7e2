<?php

declare(strict_types=1);

namespace UserrefLogin\Users;

use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefException;
use Userref\UserReference;
use UserrefLogin\Services;
use WP_User;

/**
 * WordPress users by `user_ref`, and by nothing else. A *member* is a user that a login made; a *connected* user has a
 * local account and joined a `user_ref` to it. The database compares without case, so every answer of it is compared
 * again.
 */
final class Users
{
    public const META = 'userref_user_ref';
    /** As META, for connected users alone: few, so that finding them is quick without an index. */
    public const META_CONNECTED = 'userref_connected';
    private const DOMAIN = '@users.invalid';
    private const PLACEHOLDER = '/\Appid_[a-z2-7]{26}@users\.invalid\z/Di';

    public function __construct(private readonly Services $services)
    {
    }

    /** The user who has this `user_ref`, of whatever site of a network. */
    public function find(string $userRef): ?WP_User
    {
        if (!UserReference::isValid($userRef)) {
            return null;
        }
        $user = get_user_by('login', $userRef);
        if ($user instanceof WP_User && $this->userRefOf($user) === $userRef) {
            return $user;
        }
        $found = get_users([
            'blog_id' => 0,
            'meta_key' => self::META_CONNECTED,
            'meta_value' => $userRef,
            'number' => 5,
            'count_total' => false,
        ]);
        foreach ($found as $user) {
            if ($this->userRefOf($user) === $userRef) {
                return $user;
            }
        }

        return null;
    }

    public function userRefOf(int|WP_User $user): ?string
    {
        $id = $user instanceof WP_User ? $user->ID : $user;
        $userRef = $id > 0 ? get_user_meta($id, self::META, true) : null;

        return UserReference::isValid($userRef) ? $userRef : null;
    }

    /** Whether the user signs in by Userref: a member, or connected. */
    public function isLinked(int|WP_User $user): bool
    {
        return $this->userRefOf($user) !== null;
    }

    /** Whether a login made this user: no password, no e-mail, nothing but the `user_ref`. */
    public function isMember(int|WP_User $user): bool
    {
        $user = $user instanceof WP_User ? $user : get_userdata($user);

        return $user instanceof WP_User && $this->userRefOf($user) === $user->user_login;
    }

    /** @throws UserrefException `service_unavailable` */
    public function findOrCreate(string $userRef): WP_User
    {
        if (!UserReference::isValid($userRef)) {
            throw new \InvalidArgumentException('This is no user_ref.');
        }

        return $this->find($userRef) ?? $this->create($userRef);
    }

    /** An address that no mail reaches (RFC 2606), for what cannot do without one. */
    public function placeholderOf(string $userRef): string
    {
        return $userRef . self::DOMAIN;
    }

    public function isPlaceholder(string $address): bool
    {
        return preg_match(self::PLACEHOLDER, trim($address)) === 1;
    }

    private function create(string $userRef): WP_User
    {
        $name = __('Member', 'userref-login');
        $id = wp_insert_user([
            'user_login' => $userRef,
            'user_pass' => wp_generate_password(64, true, true),
            'user_email' => $this->placeholderOf($userRef),
            'user_nicename' => 'm-' . bin2hex(random_bytes(4)),
            'nickname' => $name,
            'display_name' => $name,
            'role' => $this->services->settings()->role(),
            'show_admin_bar_front' => 'false',
            'meta_input' => [self::META => $userRef],
        ]);
        $user = is_int($id) ? get_userdata($id) : false;

        return $user instanceof WP_User ? $user : throw new UserrefException(
            ErrorCode::ServiceUnavailable,
            'The account could not be made.',
        );
    }
}
