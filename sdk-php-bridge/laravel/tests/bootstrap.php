<?php

declare(strict_types=1);

// Debian's Laravel 8.83 is older than this PHP and says so at every turn; what is ours is held against PHP 8.5 elsewhere.
error_reporting(E_ALL & ~E_DEPRECATED);
require_once '/usr/share/php/Illuminate/autoload.php';
require_once '/usr/share/php/GuzzleHttp/autoload.php';
require __DIR__ . '/../../php/autoload.php';

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
