<?php

declare(strict_types=1);

namespace Userref\Laravel;

use Illuminate\Auth\GuardHelpers;
use Illuminate\Contracts\Auth\Authenticatable;
use Illuminate\Contracts\Auth\Guard;
use Illuminate\Contracts\Container\Container;
use Illuminate\Http\Request;
use Userref\Exception\PassportRefused;
use Userref\Revocation\RevocationStore;
use Userref\Userref;

/**
 * For APIs: a passport as bearer token. Needs no session and, with cached keys, no bridge. Answers for the request at
 * hand, so that a process that serves many mixes up nobody.
 */
final class PassportGuard implements Guard
{
    use GuardHelpers;

    private ?Request $of = null;
    private bool $isGiven = false;

    public function __construct(private readonly Container $container)
    {
    }

    public function user(): ?Authenticatable
    {
        $request = $this->container->make('request');
        if ($this->of !== $request && !$this->isGiven) {
            $this->user = $this->bearerOf($request);
            $this->of = $request;
        }

        return $this->user;
    }

    /** For tests, as `actingAs($user, 'api')`: until the guard is forgotten, whatever is shown. */
    public function setUser(Authenticatable $user): static
    {
        $this->user = $user;
        $this->isGiven = true;

        return $this;
    }

    /** @param array<mixed> $credentials */
    public function validate(array $credentials = []): bool
    {
        return false;
    }

    private function bearerOf(Request $request): ?Authenticatable
    {
        try {
            $passport = $this->container->make(Userref::class)->verifyPassport((string) $request->bearerToken());
        } catch (PassportRefused) {
            return null;
        }
        $revocations = $this->container->make(RevocationStore::class);
        $isRevoked = $revocations->isRevoked($passport->sid, $passport->userRef, $passport->issuedAt);

        return $isRevoked ? null : new UserrefUser($passport->userRef, $passport->consents);
    }
}
