<?php

declare(strict_types=1);

// Laravel 8.83 is older than the PHP beside it and says so at every turn.
error_reporting(E_ALL & ~E_DEPRECATED);
// By name: the Laravel of the Debian that this PHP is of.
require_once 'Illuminate/autoload.php';
require_once 'GuzzleHttp/autoload.php';
require __DIR__ . '/../../php/autoload.php';
require __DIR__ . '/class-loader.php';

if (version_compare(Illuminate\Foundation\Application::VERSION, '9', '>=')) {
    error_reporting(E_ALL);
}

spl_autoload_register(static function (string $class): void {
    foreach (['Userref\\Laravel\\Tests\\' => __DIR__, 'Userref\\Laravel\\' => __DIR__ . '/../src'] as $space => $folder) {
        if (str_starts_with($class, $space)) {
            $file = $folder . '/' . strtr(substr($class, strlen($space)), '\\', '/') . '.php';
            if (is_file($file)) {
                require $file;
            }

            return;
        }
    }
}, prepend: true);
