<?php

declare(strict_types=1);

// Providers of cases are named twice: PHPUnit 9 reads comments, PHPUnit from 12 on attributes.
error_reporting(E_ALL);
require __DIR__ . '/../autoload.php';

spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'Userref\\Tests\\')) {
        require __DIR__ . '/' . strtr(substr($class, strlen('Userref\\Tests\\')), '\\', '/') . '.php';
    }
});
