<?php

// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

declare(strict_types=1);

namespace Userref\Contract;

/** Scopes besides the attribute scopes. */
enum Scope: string
{
    /** Login. The passport carries the `user_ref` and no attribute. */
    case Openid = 'openid';
    /** A refresh token, so that the site stays connected while the person is away. Needs `prompt=consent`. */
    case OfflineAccess = 'offline_access';
    /** The site may receive sealed attributes, which it can store and hand on but not read. The operator registers it for a site; it is not asked for. */
    case Sealed = 'sealed';
}
