<?php

// Stands in for Composer: the Laravel of the Debian that PHP is of, and the package from this repository.

declare(strict_types=1);

require_once 'Illuminate/autoload.php';
require_once __DIR__ . '/../../../sdk-php-bridge/php/autoload.php';

spl_autoload_register(static function (string $class): void {
    $folders = [
        'App\\' => __DIR__ . '/../app',
        'Userref\\Laravel\\' => __DIR__ . '/../../../sdk-php-bridge/laravel/src',
    ];
    foreach ($folders as $space => $folder) {
        $file = $folder . '/' . strtr(substr($class, strlen($space)), '\\', '/') . '.php';
        if (str_starts_with($class, $space) && is_file($file)) {
            require $file;
        }
    }
}, prepend: true);
