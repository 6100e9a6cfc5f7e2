<?php

declare(strict_types=1);

namespace Userref\Cache;

/** In PHP's shared memory (extension apcu), which all sites of a pool of processes have in common. */
final class ApcuCache implements Cache
{
    private readonly string $prefix;

    /** Another site's keys and cursor are never taken for this one's. */
    public function __construct(string $issuer, string $site)
    {
        $this->prefix = "userref:{$issuer} {$site}:";
    }

    public static function isAvailable(): bool
    {
        return function_exists('apcu_enabled') && apcu_enabled();
    }

    public function get(string $key): ?string
    {
        $value = apcu_fetch($this->prefix . $key);

        return is_string($value) ? $value : null;
    }

    public function set(string $key, string $value, int $ttlSeconds): void
    {
        apcu_store($this->prefix . $key, $value, $ttlSeconds);
    }
}
