<?php

declare(strict_types=1);

namespace Userref\Bridge;

use Userref\Cache\Cache;
use Userref\Contract\ErrorCode;
use Userref\Exception\BridgeUnreachable;

/** After three failures in a row nobody waits for the bridge for ten seconds. */
final class CircuitBreaker
{
    private const FAILURES = 3;
    private const OPEN_SECONDS = 10;
    private const KEY = 'breaker';

    public function __construct(private readonly Cache $cache)
    {
    }

    /**
     * @template T
     *
     * @param callable(): T $call
     *
     * @return T
     *
     * @throws BridgeUnreachable
     */
    public function guard(callable $call): mixed
    {
        $failures = (int) $this->cache->get(self::KEY);
        if ($failures >= self::FAILURES) {
            throw new BridgeUnreachable(ErrorCode::BridgeUnreachable, 'The bridge failed a moment ago.');
        }
        try {
            $result = $call();
        } catch (BridgeUnreachable $failure) {
            $this->cache->set(self::KEY, (string) ($failures + 1), self::OPEN_SECONDS);
            throw $failure;
        }
        if ($failures > 0) {
            $this->cache->set(self::KEY, '0', self::OPEN_SECONDS);
        }

        return $result;
    }
}
