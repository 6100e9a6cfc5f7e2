<?php

// WordPress runs this when an administrator deletes the plug-in.

declare(strict_types=1);

defined('WP_UNINSTALL_PLUGIN') || exit;

if (PHP_VERSION_ID >= 80100) {
    require_once __DIR__ . '/src/autoload.php';
    UserrefLogin\Roles\Removal::run();
}
