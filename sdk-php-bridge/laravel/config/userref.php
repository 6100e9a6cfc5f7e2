<?php

declare(strict_types=1);

return [
    // As the bridge has them.
    'bridge' => env('USERREF_BRIDGE', 'unix:/run/userref/bridge.sock'),
    'bridge_secret' => env('USERREF_BRIDGE_SECRET'),
    'issuer' => env('USERREF_ISSUER'),
    'site' => env('USERREF_SITE'),
    'base_url' => env('USERREF_BASE_URL', env('APP_URL')),
    'webhook_secret' => env('USERREF_WEBHOOK_SECRET'),

    // Who was signed out from elsewhere: `files` for one server, `database` (the default connection) for several.
    // Not Laravel's cache: what is flushed would be signed in again.
    'revocations' => env('USERREF_REVOCATIONS', 'files'),

    // Whether the package adds its routes: userref.login, .callback, .logout and .webhook.
    'routes' => true,
];
