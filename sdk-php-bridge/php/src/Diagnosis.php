<?php

declare(strict_types=1);

namespace Userref;

use Userref\Cache\MemoryCache;
use Userref\Exception\UserrefThrowable;

/** Whether everything is in place; for commands and status pages. */
final class Diagnosis
{
    private const MAX_OFFSET_MS = 30000;

    /**
     * Asks the bridge.
     *
     * @return array<string, bool> what must hold, and whether it does
     *
     * @throws UserrefThrowable when the bridge does not answer, or refuses
     */
    public static function of(Userref $userref): array
    {
        $health = $userref->health();
        $config = $userref->config;
        $offset = abs($health->clockOffsetMs ?? 0);

        return [
            'the bridge answers' => true,
            'the core answers the bridge' => $health->isOk,
            'issuer and site are the same here and there'
                => [$health->issuer, $health->site] === [$config->issuer, $config->site],
            "the clocks agree ({$offset} ms apart)" => $offset <= self::MAX_OFFSET_MS,
            'the bridge knows the latest revocations' => $health->hasCaughtUp,
            'the cache is shared between requests' => !$config->cache->inner instanceof MemoryCache,
            'the extension sodium is there' => function_exists('sodium_crypto_sign_verify_detached'),
        ];
    }
}
