<?php

declare(strict_types=1);

namespace Userref\Laravel\Facades;

use Illuminate\Support\Facades\Facade;
use Userref\Revocation\RevocationStore;
use Userref\Testing\FakeUserref;

/**
 * @mixin \Userref\Userref
 */
final class Userref extends Facade
{
    /**
     * For tests: a bridge in memory with one person.
     *
     * @param array<string, mixed> $shared values by attribute
     * @param array<string, mixed> $config
     */
    public static function fake(array $shared = [], array $config = []): FakeUserref
    {
        $fake = new FakeUserref($shared, $config);
        static::swap($fake->userref);
        static::$app->instance(RevocationStore::class, $fake->userref->config->revocations);

        return $fake;
    }

    protected static function getFacadeAccessor(): string
    {
        return \Userref\Userref::class;
    }
}
