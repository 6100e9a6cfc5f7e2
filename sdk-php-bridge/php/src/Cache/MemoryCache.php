<?php

declare(strict_types=1);

namespace Userref\Cache;

/** For one request or one process. */
final class MemoryCache implements Cache
{
    /** @var array<string, array{string, float}> */
    private array $values = [];

    public function get(string $key): ?string
    {
        [$value, $until] = $this->values[$key] ?? [null, 0.0];

        return $until > microtime(true) ? $value : null;
    }

    public function set(string $key, string $value, int $ttlSeconds): void
    {
        $this->values[$key] = [$value, microtime(true) + $ttlSeconds];
    }
}
