<?php

// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

declare(strict_types=1);

namespace Userref\Contract;

/** What a passport must say. */
final class PassportClaims
{
    /** The version of the passport that this code reads. */
    public const VERSION = 1;

    /** Claims that every passport has. */
    public const REQUIRED = [
        'iss',
        'aud',
        'sub',
        'user_ref',
        'passport',
        'tenant',
        'site',
        'sid',
        'auth_time',
        'iat',
        'exp',
    ];
}
