<?php

declare(strict_types=1);

return [
    'name' => 'Moss & Thread',
    'env' => env('APP_ENV', 'production'),
    'debug' => false,
    'url' => env('USERREF_BASE_URL', 'http://localhost'),
    'key' => env('APP_KEY'),
    'cipher' => 'AES-256-CBC',
    'timezone' => 'UTC',
    'locale' => 'en',
    'fallback_locale' => 'en',
    'aliases' => [],
];
