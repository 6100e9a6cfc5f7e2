<?php

declare(strict_types=1);

namespace Userref\Bridge;

use Userref\Cache\Cache;
use Userref\Contract\ErrorCode;
use Userref\Exception\BridgeUnreachable;
use Userref\Exception\PassportRefused;
use Userref\Exception\UserrefThrowable;
use Userref\Passport\JsonFault;
use Userref\Passport\KeySet;
use Userref\Passport\KeySource;
use Userref\Passport\PublishedKey;
use Userref\Passport\StrictJson;

/**
 * The issuer's keys, cached: asked for once an hour, at most once a minute for a `kid` that nobody knows, and kept a
 * day while the bridge is away. A set that is refused never takes the place of a good one. While nobody could tell, a
 * `kid` is not called unknown: keys may have been rotated meanwhile.
 */
final class BridgeKeys implements KeySource
{
    private const FRESH_SECONDS = 3600;
    private const COOLDOWN_SECONDS = 60;
    private const COOLDOWN_WHILE_AWAY_SECONDS = 10;
    private const KEEP_SECONDS = 86400;

    public function __construct(private readonly BridgeClient $bridge, private readonly Cache $cache)
    {
    }

    public function find(string $kid): ?PublishedKey
    {
        $cached = $this->cached();
        $key = $cached?->find($kid);
        $isFresh = $this->cache->get('jwks-fresh') !== null;
        $asked = $this->cache->get('jwks-asked');
        if ($key === null && $cached !== null && $asked === 'away') {
            throw self::noKeys();
        }
        if (($key !== null && $isFresh) || ($cached !== null && $asked !== null)) {
            return $key;
        }
        try {
            return $this->load()->find($kid);
        } catch (UserrefThrowable $failure) {
            $isAway = !$failure instanceof PassportRefused;
            if ($isAway) {
                $this->cache->set('jwks-asked', 'away', self::COOLDOWN_WHILE_AWAY_SECONDS);
            }
            if ($cached === null || ($isAway && $key === null)) {
                throw $isAway ? self::noKeys($failure) : $failure;
            }

            return $key;
        }
    }

    private function cached(): ?KeySet
    {
        $text = $this->cache->get('jwks');
        try {
            return $text === null ? null : KeySet::parse(StrictJson::parse($text));
        } catch (JsonFault | PassportRefused) {
            return null;
        }
    }

    private function load(): KeySet
    {
        $this->cache->set('jwks-asked', '1', self::COOLDOWN_SECONDS);
        $text = $this->bridge->text('GET', '/v1/jwks');
        try {
            $keys = KeySet::parse(StrictJson::parse($text));
        } catch (JsonFault) {
            throw new BridgeUnreachable(ErrorCode::BridgeUnreachable, 'The key set is no JSON.');
        }
        $this->cache->set('jwks', $text, self::KEEP_SECONDS);
        $this->cache->set('jwks-fresh', '1', self::FRESH_SECONDS);

        return $keys;
    }

    private static function noKeys(?UserrefThrowable $failure = null): BridgeUnreachable
    {
        $detail = 'There are no keys to verify passports with.';

        return new BridgeUnreachable(ErrorCode::BridgeUnreachable, $detail, previous: $failure);
    }
}
