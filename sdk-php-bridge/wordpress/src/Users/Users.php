<?php

declare(strict_types=1);

namespace UserrefLogin\Users;

use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefException;
use Userref\UserReference;
use UserrefLogin\Settings\Settings;
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
    /** Ids of the sites of a network that somebody was removed from, a value each. */
    public const META_REMOVED = 'userref_removed_from';
    /** All keys: nobody but this plug-in writes them. */
    public const METAS = [self::META, self::META_CONNECTED, self::META_REMOVED];
    private const DOMAIN = '@users.invalid';
    /** Of a member, or of nobody any more. */
    private const PLACEHOLDER = '/\A(?:ppid_[a-z2-7]{26}|sealed)@users\.invalid\z/Di';

    private ?string $beingMade = null;

    public function __construct(private readonly Settings $settings, private readonly Claims $claims)
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
            // WordPress 6.3 would remember that nobody was found, while another request connects somebody.
            'cache_results' => false,
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

    /** Whether this account is just being made by a login: nobody else may take such a name or address. */
    public function isBeingMade(string $login): bool
    {
        return $this->beingMade !== null && $this->beingMade === $login;
    }

    /**
     * Joins a local account and a `user_ref`. The caller has made sure that both are the same person's.
     *
     * @throws UserrefException `conflict` when either is joined already, `service_unavailable`
     */
    public function connect(WP_User $user, string $userRef): void
    {
        if ($this->isLinked($user)) {
            throw new UserrefException(ErrorCode::Conflict, 'This account is connected already.');
        }
        $this->claims->alone($userRef, function () use ($user, $userRef): void {
            if ($this->find($userRef) !== null) {
                throw new UserrefException(ErrorCode::Conflict, 'This login belongs to another account of this site.');
            }
            update_user_meta($user->ID, self::META_CONNECTED, $userRef);
            update_user_meta($user->ID, self::META, $userRef);
        });
    }

    /** The account goes on as a local one; its sessions by Userref end with the next request. Members stay as they are. */
    public function disconnect(WP_User $user): void
    {
        if (!$this->isMember($user)) {
            delete_user_meta($user->ID, self::META);
            delete_user_meta($user->ID, self::META_CONNECTED);
        }
    }

    /** @throws UserrefException */
    private function create(string $userRef): WP_User
    {
        return $this->claims->alone($userRef, fn (): WP_User
            => $this->find($userRef) ?? $this->adopt($userRef) ?? $this->insert($userRef));
    }

    /** A member from before the plug-in was removed and installed anew. Whatever password it got meanwhile is void. */
    private function adopt(string $userRef): ?WP_User
    {
        $user = get_user_by('login', $userRef);
        $isOurs = $user instanceof WP_User && $user->user_login === $userRef
            && $user->user_email === $this->placeholderOf($userRef);
        if (!$isOurs) {
            return null;
        }
        \WP_Session_Tokens::get_instance($user->ID)->destroy_all();
        wp_set_password(wp_generate_password(64, true, true), $user->ID);
        update_user_meta($user->ID, self::META, $userRef);

        return get_userdata($user->ID) ?: null;
    }

    private function insert(string $userRef): WP_User
    {
        $name = __('Member', 'userref-login');
        $this->beingMade = $userRef;
        try {
            $id = wp_insert_user([
                'user_login' => $userRef,
                'user_pass' => wp_generate_password(64, true, true),
                'user_email' => $this->placeholderOf($userRef),
                'user_nicename' => 'm-' . bin2hex(random_bytes(4)),
                'nickname' => $name,
                'display_name' => $name,
                'role' => $this->settings->role(),
                'show_admin_bar_front' => 'false',
                'meta_input' => [self::META => $userRef],
            ]);
        } finally {
            $this->beingMade = null;
        }
        $user = is_int($id) ? get_userdata($id) : false;

        return $user instanceof WP_User ? $user : throw new UserrefException(
            ErrorCode::ServiceUnavailable,
            'The account could not be made.',
        );
    }
}
