<?php

declare(strict_types=1);

namespace Userref\Laravel;

use Illuminate\Contracts\Auth\Authenticatable;

/** A person as this site knows them. There is no password, and nothing to remember them by but the session. */
final class UserrefUser implements Authenticatable
{
    /** @param list<string> $consents a hint, never a permission */
    public function __construct(public readonly string $userRef, public readonly array $consents)
    {
    }

    public function getAuthIdentifierName()
    {
        return 'user_ref';
    }

    public function getAuthIdentifier()
    {
        return $this->userRef;
    }

    public function getAuthPasswordName()
    {
        return 'password';
    }

    public function getAuthPassword()
    {
        return '';
    }

    public function getRememberToken()
    {
        return '';
    }

    public function setRememberToken($value)
    {
    }

    public function getRememberTokenName()
    {
        return '';
    }
}
