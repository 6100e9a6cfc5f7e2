<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

use UserrefLogin\Part;
use UserrefLogin\Plugin;

/**
 * Puts our manager of session tokens in place of WordPress' own, and of that of any other plug-in: with theirs nobody
 * would ask whether a session was revoked.
 */
final class TokenManagers implements Part
{
    private static ?string $displaced = null;

    public function register(): void
    {
        add_filter('session_token_manager', static function (mixed $manager): string {
            $isOwn = $manager === \WP_User_Meta_Session_Tokens::class;
            self::$displaced = $isOwn ? null : (is_string($manager) ? $manager : get_debug_type($manager));

            return TokenManager::class;
        }, PHP_INT_MAX);
        add_filter('determine_current_user', self::unlessEnded(...), PHP_INT_MAX);
        add_filter('attach_session_information', self::inherit(...), 10, 2);
        add_action('all_admin_notices', self::warn(...));
    }

    /** Whether the tokens are ours. If not, another plug-in insists on its own, and nobody signs in by Userref. */
    public static function isOurs(): bool
    {
        return apply_filters('session_token_manager', \WP_User_Meta_Session_Tokens::class) === TokenManager::class;
    }

    /** The class that another plug-in wanted in place of WordPress' own; it is not used. */
    public static function displaced(): ?string
    {
        self::isOurs();

        return self::$displaced;
    }

    /** Sessions that began before another plug-in took over the tokens end all the same. */
    private static function unlessEnded(mixed $user): mixed
    {
        if (!is_numeric($user) || (int) $user <= 0 || self::isOurs()) {
            return $user;
        }
        $entry = \WP_Session_Tokens::get_instance((int) $user)->get(wp_get_session_token());
        $session = $entry[TokenManager::KEY] ?? null;

        return $session === null || Plugin::services()->live()->isLive((int) $user, $session) ? $user : false;
    }

    /**
     * A token that is made while a member's session goes on belongs to that session and ends with it. WordPress makes one
     * when a password is set, which every user can do by REST or a form: it would outlast each revocation.
     *
     * @param array<string, mixed> $entry
     *
     * @return array<string, mixed>
     */
    private static function inherit(array $entry, int $userId): array
    {
        if (get_current_user_id() !== $userId || !Plugin::services()->users()->isMember($userId)) {
            return $entry;
        }
        $current = \WP_Session_Tokens::get_instance($userId)->get(wp_get_session_token());

        return isset($current[TokenManager::KEY]) ? [TokenManager::KEY => $current[TokenManager::KEY]] + $entry : $entry;
    }

    private static function warn(): void
    {
        if (!current_user_can('activate_plugins') || (self::isOurs() && self::$displaced === null)) {
            return;
        }
        $text = self::isOurs()
            /* translators: %s: name of a PHP class */
            ? __('Another plug-in wants to keep the sessions of this site (%s). Userref keeps them instead, so that a revocation ends them: what that plug-in does with sessions does not work.', 'userref-login')
            /* translators: %s: name of a PHP class */
            : __('Another plug-in has taken over the sessions of this site (%s). Nobody can sign in with Userref until it is switched off, since revocations would not end sessions.', 'userref-login');
        $class = apply_filters('session_token_manager', \WP_User_Meta_Session_Tokens::class);
        $name = self::isOurs() ? self::$displaced : (string) $class;
        echo '<div class="notice notice-error"><p>' . esc_html(sprintf($text, $name)) . '</p></div>';
    }
}
