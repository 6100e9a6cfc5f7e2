<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

use UserrefLogin\Sessions\TokenManagers;

/** Whether sessions are kept by the plug-in’s manager, and an object cache tells the same as the database. */
final class SessionsCheck implements Check
{
    public function name(): string
    {
        return 'sessions';
    }

    public function label(): string
    {
        return __('Sessions', 'userref-login');
    }

    public function isSlow(): bool
    {
        return false;
    }

    public function run(): Result
    {
        $displaced = TokenManagers::displaced();
        if (!TokenManagers::isOurs()) {
            return Result::critical(
                __('Another plug-in keeps the sessions', 'userref-login'),
                __('It insists on a manager of session tokens of its own (filter session_token_manager). Nobody can sign in by Userref, because a revocation would not end such sessions.', 'userref-login')
            );
        }
        if ($displaced !== null) {
            return Result::recommended(
                __('Another plug-in wants to keep the sessions', 'userref-login'),
                sprintf(
                    /* translators: %s: name of a PHP class */
                    __('Its manager of session tokens (%s) is not used: IP addresses and browsers of members could be stored by it, and a revocation would not end its sessions.', 'userref-login'),
                    $displaced
                )
            );
        }
        if (!wp_using_ext_object_cache()) {
            return Result::good(__('Sessions hold no personal data and can be revoked', 'userref-login'));
        }

        return self::isCacheCurrent(get_current_user_id())
            ? Result::good(
                __('Sessions hold no personal data and can be revoked', 'userref-login'),
                __('Sessions are read from the object cache. What was revoked is always read from the database.', 'userref-login')
            )
            : Result::recommended(
                __('The object cache holds sessions that the database does not', 'userref-login'),
                __('Your own sessions differ between the two. Where several servers run this site, all of them must share one object cache. Flush it, and look again.', 'userref-login')
            );
    }

    private static function isCacheCurrent(int $userId): bool
    {
        global $wpdb;
        $stored = $wpdb->get_var($wpdb->prepare(
            "select meta_value from {$wpdb->usermeta} where user_id = %d and meta_key = 'session_tokens'",
            $userId
        ));
        $cached = get_user_meta($userId, 'session_tokens', true);

        return $userId === 0 || maybe_unserialize((string) $stored) === $cached;
    }
}
