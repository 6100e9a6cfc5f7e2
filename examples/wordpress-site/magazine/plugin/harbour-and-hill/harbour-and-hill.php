<?php

/**
 * Plugin Name:  Harbour & Hill
 * Description:  What this magazine shows of Userref: who reads, what members read, and where the next issue goes.
 * Version:      0.0.0
 * Requires PHP: 8.1
 * License:      GPL-2.0-or-later
 */

declare(strict_types=1);

namespace HarbourAndHill;

if (!defined('ABSPATH')) {
    exit;
}

spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, __NAMESPACE__ . '\\')) {
        require __DIR__ . '/src/' . substr($class, strlen(__NAMESPACE__) + 1) . '.php';
    }
});

add_action('init', static function (): void {
    register_block_type('harbour/session-bar', ['render_callback' => [SessionBar::class, 'html']]);
    register_block_type('harbour/members', ['render_callback' => [MembersOnly::class, 'html']]);
    register_block_type('harbour/printed-issue', ['render_callback' => [PrintedIssue::class, 'html']]);
    register_block_type('harbour/plate', [
        'render_callback' => [Plate::class, 'html'],
        'uses_context' => ['postId'],
    ]);
});
LiveCheck::register();
