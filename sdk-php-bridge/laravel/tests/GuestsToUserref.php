<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Auth\Middleware\Authenticate;

/** An application's own `auth`, as Laravel until 10 has it. */
final class GuestsToUserref extends Authenticate
{
    protected function redirectTo($request)
    {
        return $request->userref()->loginPath($request->getRequestUri());
    }
}
