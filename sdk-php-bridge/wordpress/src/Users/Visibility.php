<?php

declare(strict_types=1);

namespace UserrefLogin\Users;

use UserrefLogin\Part;
use UserrefLogin\Services;

/** What others see of members: no list of them, no picture from elsewhere (Gravatar would get a hash of the address), no name. */
final class Visibility implements Part
{
    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_filter('rest_user_query', fn (array $query): array
            => current_user_can('list_users') ? $query : self::withoutMembers($query));
        add_filter('wp_sitemaps_users_query_args', self::withoutMembers(...));
        add_action('xmlrpc_call', static function (string $method): void {
            if ($method === 'wp.getAuthors') {
                add_action('pre_get_users', static function (\WP_User_Query $query): void {
                    if (!current_user_can('list_users')) {
                        $query->query_vars = self::withoutMembers($query->query_vars);
                    }
                });
            }
        });
        add_filter('pre_get_avatar_data', $this->avatar(...), PHP_INT_MAX, 2);
        add_filter('user_profile_picture_description', fn (mixed $text, mixed $user): mixed
            => $this->isOfMember($user) ? '' : $text, PHP_INT_MAX, 2);
        add_filter('add_user_metadata', $this->keepOut(...), PHP_INT_MAX, 4);
        add_filter('update_user_metadata', $this->keepOut(...), PHP_INT_MAX, 4);
        add_action('wp_dashboard_setup', function (): void {
            if ($this->services->users()->isLinked(get_current_user_id())) {
                // It tells wordpress.org where they are.
                remove_meta_box('dashboard_primary', 'dashboard', 'side');
            }
        }, PHP_INT_MAX);
    }

    /**
     * @param array<string, mixed> $query of WP_User_Query
     *
     * @return array<string, mixed>
     */
    private static function withoutMembers(array $query): array
    {
        $ours = [
            'relation' => 'OR',
            ['key' => Users::META, 'compare' => 'NOT EXISTS'],
            // Who has an account of their own is as public as that was.
            ['key' => Users::META_CONNECTED, 'compare' => 'EXISTS'],
        ];
        $theirs = $query['meta_query'] ?? [];
        $query['meta_query'] = empty($theirs) ? [$ours] : ['relation' => 'AND', $theirs, $ours];

        return $query;
    }

    /**
     * @param array<string, mixed> $picture
     *
     * @return array<string, mixed>
     */
    private function avatar(array $picture, mixed $of): array
    {
        if (!$this->isOfMember($of)) {
            return $picture;
        }
        $file = plugins_url('assets/member.svg', $this->services->file);

        return ['url' => $file, 'found_avatar' => true] + $picture;
    }

    /** @param mixed $of whatever WordPress takes for an avatar: an id, an address, a user, a post or a comment */
    private function isOfMember(mixed $of): bool
    {
        $users = $this->services->users();
        if (is_string($of) && !is_numeric($of)) {
            return $users->isPlaceholder($of);
        }
        if ($of instanceof \WP_Comment) {
            return $users->isPlaceholder($of->comment_author_email)
                || ((int) $of->user_id > 0 && $users->isMember((int) $of->user_id));
        }
        $id = match (true) {
            is_numeric($of) => (int) $of,
            $of instanceof \WP_User => $of->ID,
            $of instanceof \WP_Post => (int) $of->post_author,
            default => 0,
        };

        return $id > 0 && $users->isMember($id);
    }

    /** Names of members, and where WordPress' dashboard finds that somebody is. Whoever writes it is told that it was. */
    private function keepOut(mixed $check, mixed $userId, mixed $key, mixed $value): mixed
    {
        $users = $this->services->users();
        $isKept = $value === '' || $value === null || match ($key) {
            'first_name', 'last_name' => !$users->isMember((int) $userId),
            'community-events-location' => !$users->isLinked((int) $userId),
            default => true,
        };

        return $isKept ? $check : true;
    }
}
