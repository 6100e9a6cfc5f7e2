<?php

// A drop-in as object caches bring it: what WordPress keeps in memory outlives the request, in one file.

declare(strict_types=1);

require ABSPATH . WPINC . '/cache.php';
wp_using_ext_object_cache(true);

add_action('muplugins_loaded', static function (): void {
    $file = WP_CONTENT_DIR . '/object-cache.data';
    $kept = is_file($file) ? unserialize((string) file_get_contents($file)) : [];
    $memory = $GLOBALS['wp_object_cache'];
    $memory->cache = $kept + $memory->cache;
    register_shutdown_function(static function () use ($file, $memory): void {
        $ofOneRequest = array_flip(['counts', 'plugins', 'themes', 'theme_json']);
        $fresh = $file . getmypid();
        file_put_contents($fresh, serialize(array_diff_key($memory->cache, $ofOneRequest)));
        rename($fresh, $file);
    });
}, PHP_INT_MIN);
