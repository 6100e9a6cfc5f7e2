<?php

declare(strict_types=1);

namespace Userref\Cache;

/** Keeps small values between requests. A cache that fails or forgets costs time, never safety. */
interface Cache
{
    /** The value, or null for none. */
    public function get(string $key): ?string;

    public function set(string $key, string $value, int $ttlSeconds): void;
}
