<?php

// The plug-in's own classes, and the client: beside them in the built plug-in, its own package in the source tree.

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'UserrefLogin\\')) {
        $file = __DIR__ . '/' . strtr(substr($class, strlen('UserrefLogin\\')), '\\', '/') . '.php';
        if (is_file($file)) {
            require $file;
        }
    }
});

require is_file(dirname(__DIR__) . '/lib/autoload.php')
    ? dirname(__DIR__) . '/lib/autoload.php'
    : dirname(__DIR__, 2) . '/php/autoload.php';
require __DIR__ . '/functions.php';
