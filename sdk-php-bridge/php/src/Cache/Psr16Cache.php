<?php

declare(strict_types=1);

namespace Userref\Cache;

/** Any PSR-16 cache, of any version of psr/simple-cache: it is only called. */
final class Psr16Cache implements Cache
{
    /** @param \Psr\SimpleCache\CacheInterface $cache */
    public function __construct(private readonly object $cache, private readonly string $prefix = 'userref_')
    {
    }

    public function get(string $key): ?string
    {
        $value = $this->cache->get($this->prefix . $key);

        return is_string($value) ? $value : null;
    }

    public function set(string $key, string $value, int $ttlSeconds): void
    {
        $this->cache->set($this->prefix . $key, $value, $ttlSeconds);
    }
}
