<?php

declare(strict_types=1);

namespace Userref\Laravel;

use Illuminate\Contracts\Auth\Authenticatable;
use Userref\Session;

/** A user without a table. */
final class UserrefUserResolver implements UserResolver
{
    public function resolve(Session $session): ?Authenticatable
    {
        return new UserrefUser($session->userRef, $session->consents);
    }
}
