<?php

declare(strict_types=1);

namespace UserrefLogin\Users;

use UserrefLogin\Part;
use UserrefLogin\Services;

/**
 * Comments of members: under their own name, without a trace of where they write from, and none tells their `user_ref`,
 * which the address that stands in for an e-mail is made of, to who may not moderate.
 */
final class Comments implements Part
{
    private const AUTHOR = ['user_id', 'comment_author', 'comment_author_email', 'comment_author_url'];
    private const TRACES = ['comment_author_IP', 'comment_agent'];
    private const SEARCH = 'userref-search';

    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_filter('pre_comment_user_ip', $this->unlessLinked(...), PHP_INT_MAX);
        add_filter('pre_comment_user_agent', $this->unlessLinked(...), PHP_INT_MAX);
        add_filter('wp_update_comment_data', $this->keepTraces(...), PHP_INT_MAX);
        add_filter('rest_preprocess_comment', $this->asThemselves(...), PHP_INT_MAX, 2);
        add_action('pre_get_comments', self::tellSearchesApart(...), PHP_INT_MAX);
        add_filter('comments_clauses', self::searchWithoutPlaceholders(...), PHP_INT_MAX, 2);
        add_filter('xmlrpc_prepare_comment', $this->withoutPlaceholder(...), PHP_INT_MAX, 2);
    }

    private function unlessLinked(mixed $value): mixed
    {
        return is_user_logged_in() && $this->services->users()->isLinked(get_current_user_id()) ? '' : $value;
    }

    /**
     * WordPress has the filters above clean a comment that is edited as well: what it knew of somebody else stays.
     *
     * @param array<string, mixed>|\WP_Error $data
     *
     * @return array<string, mixed>|\WP_Error
     */
    private function keepTraces(array|\WP_Error $data): array|\WP_Error
    {
        $before = is_array($data) ? get_comment((int) ($data['comment_ID'] ?? 0), ARRAY_A) : null;
        $isTheirs = $before !== null && $this->services->users()->isLinked(get_current_user_id());

        return $isTheirs ? array_intersect_key($before, array_flip(self::TRACES)) + $data : $data;
    }

    /**
     * Who is signed in writes under their own name: the REST API would take any name and address, beside nobody's id, and
     * from moderators any id too.
     *
     * @param array<string, mixed>|\WP_Error $comment
     *
     * @return array<string, mixed>|\WP_Error
     */
    private function asThemselves(array|\WP_Error $comment, \WP_REST_Request $request): array|\WP_Error
    {
        $user = wp_get_current_user();
        if (!is_array($comment) || !$this->services->users()->isMember($user)) {
            return $comment;
        }
        if (isset($request['id'])) {
            return current_user_can('moderate_comments') ? $comment : array_diff_key($comment, array_flip(self::AUTHOR));
        }

        return [...$comment, ...array_combine(
            self::AUTHOR,
            [$user->ID, $user->display_name, $user->user_email, $user->user_url],
        )];
    }

    /**
     * WordPress lets every visitor search the addresses of comments, so who tries one letter after the other would find
     * out what nobody is shown. It remembers what was found, so moderators' searches are told apart from others.
     */
    private static function tellSearchesApart(\WP_Comment_Query $query): void
    {
        if ((string) ($query->query_vars['search'] ?? '') !== '' && !current_user_can('moderate_comments')) {
            $query->query_vars['cache_domain'] = self::SEARCH;
        }
    }

    /**
     * @param array<string, string> $clauses
     *
     * @return array<string, string>
     */
    private static function searchWithoutPlaceholders(array $clauses, \WP_Comment_Query $query): array
    {
        if ($query->query_vars['cache_domain'] === self::SEARCH) {
            $column = 'comment_author_email LIKE';
            $other = "comment_author_email NOT LIKE '%@users.invalid' AND {$column}";
            $clauses['where'] = str_replace($column, $other, $clauses['where']);
        }

        return $clauses;
    }

    /**
     * @param array<string, mixed> $told
     *
     * @return array<string, mixed>
     */
    private function withoutPlaceholder(array $told, \WP_Comment $comment): array
    {
        $isHidden = $this->services->users()->isPlaceholder($comment->comment_author_email)
            && !current_user_can('edit_comment', (int) $comment->comment_ID);

        return $isHidden ? ['author_email' => ''] + $told : $told;
    }
}
