<?php

declare(strict_types=1);

namespace UserrefLogin\Privacy;

use UserrefLogin\Users\Users;

/**
 * Whose an address is, for WordPress's privacy tools. Members have none and are found by their placeholder; who has a
 * local account that is connected is found by its own address.
 */
final class Owner
{
    public static function of(string $address, Users $users): ?\WP_User
    {
        $address = strtolower(trim($address));
        if ($users->isPlaceholder($address)) {
            return $users->find((string) strstr($address, '@', true));
        }
        $user = get_user_by('email', $address);

        return $user instanceof \WP_User && $users->isLinked($user) ? $user : null;
    }
}
