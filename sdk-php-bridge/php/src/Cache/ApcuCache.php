<?php

declare(strict_types=1);

namespace Userref\Cache;

/** In PHP's shared memory (extension apcu). */
final class ApcuCache implements Cache
{
    public function __construct(private readonly string $prefix = 'userref:')
    {
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
