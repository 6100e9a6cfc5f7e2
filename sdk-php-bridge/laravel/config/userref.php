<?php

declare(strict_types=1);

return [
    // As the bridge has them.
    'bridge' => env('USERREF_BRIDGE', 'unix:/run/userref/bridge.sock'),
    'bridge_secret' => env('USERREF_BRIDGE_SECRET'),
    'issuer' => env('USERREF_ISSUER'),
    'site' => env('USERREF_SITE'),
    'base_url' => env('USERREF_BASE_URL', env('APP_URL')),
    // Where this deployment is a preview, its origin, in place of `base_url`.
    'preview_origin' => env('USERREF_PREVIEW_ORIGIN'),
    'webhook_secret' => env('USERREF_WEBHOOK_SECRET'),
    'webhook_public_key' => env('USERREF_WEBHOOK_PUBLIC_KEY'),
    'after_logout' => '/',
    // `login`, `callback`, `logout` and `webhook`, where they differ from /userref/login and so on.
    'paths' => [],

    // Who was signed out from elsewhere: `files` for one server, `database` (the default connection, after
    // `php artisan migrate`) for several.
    // Not Laravel's cache: what is flushed would be signed in again.
    'revocations' => env('USERREF_REVOCATIONS', 'files'),

    // `http`: calls go by Laravel's HTTP client, for tests with Http::fake(). Not for production: tools that watch that
    // client, such as Telescope, would keep people's data.
    'transport' => env('USERREF_TRANSPORT'),

    // Whether the package adds its routes: userref.login, .callback, .logout and .webhook.
    'routes' => true,
];
