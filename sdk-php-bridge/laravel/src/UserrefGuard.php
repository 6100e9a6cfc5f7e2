<?php

declare(strict_types=1);

namespace Userref\Laravel;

use Illuminate\Auth\GuardHelpers;
use Illuminate\Contracts\Auth\Authenticatable;
use Illuminate\Contracts\Auth\Guard;
use Illuminate\Contracts\Container\Container;
use Userref\Session;

/** Who is signed in, asked anew at each request: a revocation counts from the next one on. */
final class UserrefGuard implements Guard
{
    use GuardHelpers;

    private ?Session $of = null;

    public function __construct(private readonly Container $container)
    {
    }

    public function user(): ?Authenticatable
    {
        $session = $this->container->make(CurrentSite::class)->of($this->container->make('request'))->user();
        if ($session === null) {
            $this->of = null;

            return $this->user = null;
        }
        if ($this->of !== $session) {
            $this->user = $this->container->make(UserResolver::class)->resolve($session);
            $this->of = $session;
        }

        return $this->user;
    }

    /** @param array<mixed> $credentials */
    public function validate(array $credentials = []): bool
    {
        return false;
    }
}
