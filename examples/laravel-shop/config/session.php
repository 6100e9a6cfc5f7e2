<?php

declare(strict_types=1);

return [
    'driver' => env('SESSION_DRIVER', 'file'),
    'lifetime' => 120,
    'expire_on_close' => false,
    'encrypt' => false,
    'files' => storage_path('framework/sessions'),
    'connection' => null,
    'table' => 'sessions',
    'store' => null,
    'lottery' => [2, 100],
    'cookie' => 'moss_thread_session',
    'path' => '/',
    'domain' => null,
    'secure' => str_starts_with((string) env('USERREF_BASE_URL'), 'https:'),
    'http_only' => true,
    'same_site' => 'lax',
];
