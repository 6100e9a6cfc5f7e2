<?php

declare(strict_types=1);

namespace UserrefLogin\Privacy;

use UserrefLogin\Services;

/**
 * Unlinks a person: afterwards nothing here leads from what they did to who they are. The account of a member goes on
 * as one that nobody can sign in to, so that posts and orders keep an author; its sessions, meta data and role go, and
 * comments lose their author as WordPress does it. A local account that was connected is one again that is not.
 *
 * Other parts erase what is theirs by the filter `userref_erase`: `(array $outcome, \WP_User $user, string $userRef)`
 * with `$outcome` = `['removed' => bool, 'retained' => bool, 'messages' => list<string>]`. It may be called again.
 */
final class Erasure
{
    /** The longest that a session can last, and a little for clocks that are ahead. */
    private const KEEP_SECONDS = 604920;
    private const PAGES_OF_COMMENTS = 200;

    public function __construct(private readonly Services $services)
    {
    }

    /** @return array{removed: bool, retained: bool, messages: list<string>} */
    public function erase(\WP_User $user, string $userRef): array
    {
        $this->endSessions($user, $userRef);
        $outcome = ['removed' => true, 'retained' => false, 'messages' => []];
        $outcome = apply_filters('userref_erase', $outcome, $user, $userRef);
        $isMember = $this->services->users()->isMember($user);
        $hasAll = !$isMember || $this->anonymiseComments($user);
        $isMember ? $this->unlink($user) : $this->services->users()->disconnect($user);
        do_action('userref_erased', $user->ID);

        return [
            'removed' => true,
            'retained' => $outcome['retained'] || !$hasAll,
            'messages' => array_values($outcome['messages']),
        ];
    }

    private function endSessions(\WP_User $user, string $userRef): void
    {
        $this->services->revocations()->revokeUser($userRef, time(), time() + self::KEEP_SECONDS);
        \WP_Session_Tokens::get_instance($user->ID)->destroy_all();
        \WP_Application_Passwords::delete_all_application_passwords($user->ID);
    }

    /** Always the first page: what is done is no longer found. */
    private function anonymiseComments(\WP_User $user): bool
    {
        $isComplete = true;
        foreach (self::sites($user) as $site) {
            $this->onSite($site, static function () use ($user, &$isComplete): void {
                for ($page = 0; $page < self::PAGES_OF_COMMENTS; $page++) {
                    $outcome = wp_comments_personal_data_eraser($user->user_email);
                    $isComplete = $isComplete && !$outcome['items_retained'];
                    if ($outcome['done'] || !$outcome['items_removed']) {
                        break;
                    }
                }
            });
        }

        return $isComplete;
    }

    /** Straight in the table: `wp_update_user` keeps the login and writes to the old address. */
    private function unlink(\WP_User $user): void
    {
        global $wpdb;
        if (is_multisite()) {
            // WordPress knows them by their login, which is that of the same person's next account too.
            revoke_super_admin($user->ID);
        }
        $name = 'erased-' . bin2hex(random_bytes(8));
        $wpdb->update($wpdb->users, [
            'user_login' => $name,
            'user_pass' => wp_hash_password(wp_generate_password(64, true, true)),
            'user_nicename' => $name,
            'user_email' => '',
            'user_url' => '',
            'user_activation_key' => '',
            'display_name' => __('Former member', 'userref-login'),
        ], ['ID' => $user->ID]);
        foreach (array_keys((array) get_user_meta($user->ID)) as $key) {
            delete_user_meta($user->ID, $key);
        }
        clean_user_cache($user);
    }

    /**
     * Every site of a network: who is signed in may comment on sites that they are no member of. Of a network with
     * thousands of sites, those that they are a member of.
     *
     * @return list<int>
     */
    private static function sites(\WP_User $user): array
    {
        if (!is_multisite()) {
            return [get_current_blog_id()];
        }

        return wp_is_large_network()
            ? array_keys(get_blogs_of_user($user->ID, true))
            : get_sites(['fields' => 'ids', 'number' => 0]);
    }

    private function onSite(int $site, callable $work): void
    {
        if ($site === get_current_blog_id()) {
            $work();

            return;
        }
        switch_to_blog($site);
        try {
            $work();
        } finally {
            restore_current_blog();
        }
    }
}
