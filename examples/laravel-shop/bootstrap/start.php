<?php

// Loads Laravel and says where it writes.

declare(strict_types=1);

$composer = __DIR__ . '/../vendor/autoload.php';
require is_file($composer) ? $composer : __DIR__ . '/autoload.php';

$storage = getenv('SHOP_STORAGE') ?: dirname(__DIR__) . '/storage';
foreach (['framework/sessions', 'framework/views', 'framework/cache', 'logs'] as $folder) {
    is_dir("{$storage}/{$folder}") || mkdir("{$storage}/{$folder}", 0700, true);
}
// Nothing is written into the folder of the sources.
$_ENV += ['LARAVEL_STORAGE_PATH' => $storage];
foreach (['services', 'packages', 'config', 'routes', 'events'] as $cache) {
    $_ENV += ['APP_' . strtoupper($cache) . '_CACHE' => "{$storage}/framework/cache/{$cache}.php"];
}

return require __DIR__ . '/app.php';
