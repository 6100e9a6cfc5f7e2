<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

use Userref\Cache\Cache;

/** Keeps small values in transients of the network: in the object cache where there is one, else in the database. */
final class TransientCache implements Cache
{
    private const PREFIX = 'userref_';

    public function get(string $key): ?string
    {
        $value = get_site_transient(self::PREFIX . $key);

        return is_string($value) ? $value : null;
    }

    public function set(string $key, string $value, int $ttlSeconds): void
    {
        set_site_transient(self::PREFIX . $key, $value, $ttlSeconds);
    }
}
