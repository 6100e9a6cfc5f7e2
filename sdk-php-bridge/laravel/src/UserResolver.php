<?php

declare(strict_types=1);

namespace Userref\Laravel;

use Illuminate\Contracts\Auth\Authenticatable;
use Userref\Session;

/**
 * Gives the application's user for a session; bind your own to use a model. Find it by `user_ref` alone, never by an
 * e-mail, and compare with `===`: databases compare without case.
 */
interface UserResolver
{
    public function resolve(Session $session): ?Authenticatable;
}
