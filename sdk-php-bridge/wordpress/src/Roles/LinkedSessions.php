<?php

declare(strict_types=1);

namespace UserrefLogin\Roles;

use UserrefLogin\Sessions\TokenManager;
use UserrefLogin\Users\Users;

/**
 * Ends the sessions that logins by Userref began. Without the plug-in WordPress would let them go on for days, and no
 * revocation would reach them.
 */
final class LinkedSessions
{
    private const AT_ONCE = 500;

    /** @param int $except somebody who is just working here, such as the one who switches the plug-in off */
    public static function end(int $except = 0): void
    {
        $last = 0;
        do {
            $rows = self::rows($last);
            foreach ($rows as $row) {
                $last = (int) $row->ID;
                if ($last !== $except) {
                    self::endOf($last, isMember: (bool) $row->is_member);
                }
            }
        } while (count($rows) === self::AT_ONCE);
    }

    /** Members have no other way to sign in; whoever is connected may have signed in with their password too. */
    private static function endOf(int $id, bool $isMember): void
    {
        $tokens = get_user_meta($id, 'session_tokens', true);
        $kept = $isMember || !is_array($tokens) ? [] : array_filter($tokens, static fn (mixed $entry): bool
            => is_array($entry) && !isset($entry[TokenManager::KEY]));
        if ($kept === []) {
            delete_user_meta($id, 'session_tokens');
        } else {
            update_user_meta($id, 'session_tokens', $kept);
        }
    }

    /**
     * Members, and whoever has a token that a login by Userref made, also where the account is not connected any more.
     *
     * @return list<object{ID: string, is_member: string}> by id
     */
    private static function rows(int $after): array
    {
        global $wpdb;

        return $wpdb->get_results($wpdb->prepare(
            "select users.ID, max(linked.meta_value = users.user_login) as is_member
             from {$wpdb->usermeta} as tokens
             join {$wpdb->users} as users on users.ID = tokens.user_id
             left join {$wpdb->usermeta} as linked on linked.user_id = users.ID and linked.meta_key = %s
             where tokens.meta_key = %s and users.ID > %d
                and (linked.meta_value = users.user_login or tokens.meta_value like %s)
             group by users.ID order by users.ID limit %d",
            Users::META,
            'session_tokens',
            $after,
            '%"' . $wpdb->esc_like(TokenManager::KEY) . '"%',
            self::AT_ONCE,
        ));
    }
}
