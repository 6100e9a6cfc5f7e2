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

    /**
     * Not for `actingAs`: Userref would know of nobody while the guard knows somebody.
     *
     * @throws \LogicException
     */
    public function setUser(Authenticatable $user): never
    {
        $instead = "\$this->withSession(['userref' => Userref::fake()->signIn()->toStorage()])";
        throw new \LogicException("The guard `userref` takes no user: people sign in. In tests: {$instead}.");
    }

    /** Asked by Laravel's `auth.session`; there is no cookie that remembers anybody. */
    public function viaRemember(): bool
    {
        return false;
    }

    /** @param array<mixed> $credentials */
    public function validate(array $credentials = []): bool
    {
        return false;
    }
}
