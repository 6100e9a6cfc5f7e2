<?php

// What the magazine holds on its first day. Run once, within WordPress.

declare(strict_types=1);

switch_theme('harbour-and-hill');
update_option('blogname', 'Harbour & Hill');
update_option('blogdescription', 'A small magazine between water and heights');
update_option('default_comment_status', 'closed');
foreach (get_posts(['post_type' => 'any', 'post_status' => 'any', 'numberposts' => -1]) as $sample) {
    wp_delete_post($sample->ID, true);
}

/** @param array<string, string> $more fields of the post */
$publish = static function (string $slug, string $title, array $more = []): void {
    $text = (string) file_get_contents(__DIR__ . "/{$slug}.html");
    $id = wp_insert_post($more + [
        'post_name' => $slug,
        'post_title' => $title,
        'post_content' => $text,
        'post_status' => 'publish',
        'post_author' => 1,
    ], true);
    if (is_wp_error($id)) {
        throw new RuntimeException($id->get_error_message());
    }
};

$publish('learning-the-tide-table', 'Learning the tide table', ['post_date' => '2026-02-14 09:00:00']);
$publish('a-hill-with-two-names', 'A hill with two names', ['post_date' => '2026-05-02 09:00:00']);
$publish('a-room-above-the-chandler', 'A room above the chandler', ['post_date' => '2026-08-01 09:00:00']);
$publish('the-last-ferry', 'The last ferry', ['post_date' => '2026-10-31 09:00:00']);
$publish('members-room', 'Members’ room', ['post_type' => 'page']);
$publish('printed-issue', 'The printed issue', ['post_type' => 'page']);
flush_rewrite_rules(false);
