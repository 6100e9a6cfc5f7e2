<?php

declare(strict_types=1);

// Block themes do not load their style sheet by themselves.
add_action('wp_enqueue_scripts', static function (): void {
    wp_enqueue_style('harbour-and-hill', get_stylesheet_uri(), [], (string) wp_get_theme()->get('Version'));
});
