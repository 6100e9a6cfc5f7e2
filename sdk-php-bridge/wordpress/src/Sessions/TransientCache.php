<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

use Userref\Cache\Cache;

/**
 * Keeps small values in transients of the network: in the object cache where there is one, else in the database. What is
 * kept for days is in the database anyway: an object cache may forget the place that the catch-up has reached, before
 * which some data may still have to be purged.
 */
final class TransientCache implements Cache
{
    private const PREFIX = 'userref_';

    public function get(string $key): ?string
    {
        $value = get_site_transient(self::PREFIX . $key);
        if ($value === false) {
            $value = self::inDatabase(static fn (): mixed => get_site_transient(self::PREFIX . $key));
        }

        return is_string($value) ? $value : null;
    }

    public function set(string $key, string $value, int $ttlSeconds): void
    {
        $keep = static fn (): bool => set_site_transient(self::PREFIX . $key, $value, $ttlSeconds);
        $ttlSeconds > DAY_IN_SECONDS ? self::inDatabase($keep) : $keep();
    }

    /**
     * @template T
     *
     * @param callable(): T $work with transients
     *
     * @return T
     */
    public static function inDatabase(callable $work): mixed
    {
        $was = (bool) wp_using_ext_object_cache(false);
        try {
            return $work();
        } finally {
            wp_using_ext_object_cache($was);
        }
    }
}
