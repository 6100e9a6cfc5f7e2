<?php

// For PHP's own web server: files of public/ as they are, Laravel for everything else.

declare(strict_types=1);

$file = __DIR__ . '/public' . parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (pathinfo($file, PATHINFO_EXTENSION) !== 'php' && is_file($file)) {
    return false;
}
require __DIR__ . '/public/index.php';
