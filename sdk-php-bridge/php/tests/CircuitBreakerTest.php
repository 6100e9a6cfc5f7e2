<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\TestCase;
use Userref\Bridge\BridgeClient;
use Userref\Bridge\CircuitBreaker;
use Userref\Bridge\Response;
use Userref\Bridge\Transport;
use Userref\Cache\Cache;
use Userref\Cache\MemoryCache;
use Userref\Exception\UserrefThrowable;
use Userref\Hidden;
use Userref\Tests\Support\ScriptedTransport;

/** While the bridge is away, visitors do not wait for it one after the other. */
final class CircuitBreakerTest extends TestCase
{
    private const OK = '{"logout_url":"https://id.example.eu/session/end"}';

    public function testAfterThreeFailuresNobodyWaitsForTheBridge(): void
    {
        $cache = new MemoryCache();
        $transport = new ScriptedTransport([]);
        self::assertSame(array_fill(0, 10, 'bridge_unreachable'), self::calls(10, $transport, $cache));
        self::assertSame(3, $transport->count);
    }

    public function testTenSecondsLaterItIsAskedAgain(): void
    {
        $cache = new class implements Cache {
            public int $now = 0;
            /** @var array<string, array{string, int}> */
            private array $values = [];

            public function get(string $key): ?string
            {
                [$value, $until] = $this->values[$key] ?? [null, 0];

                return $until > $this->now ? $value : null;
            }

            public function set(string $key, string $value, int $ttlSeconds): void
            {
                $this->values[$key] = [$value, $this->now + $ttlSeconds];
            }
        };
        $transport = new ScriptedTransport([]);
        self::calls(5, $transport, $cache);
        $cache->now = 9;
        self::calls(1, $transport, $cache);
        self::assertSame(3, $transport->count);
        $cache->now = 10;
        self::calls(1, $transport, $cache);
        self::assertSame(4, $transport->count);
    }

    public function testAnAnswerInBetweenCountsThemAnew(): void
    {
        $cache = new MemoryCache();
        self::calls(2, new ScriptedTransport([]), $cache);
        self::assertSame(['ok'], self::calls(1, new ScriptedTransport([new Response(200, self::OK)]), $cache));
        $transport = new ScriptedTransport([]);
        self::calls(5, $transport, $cache);
        self::assertSame(3, $transport->count);
    }

    public function testARefusalIsAnAnswer(): void
    {
        $cache = new MemoryCache();
        $refusal = new Response(503, '{"code":"network_failed","retryable":true}');
        $transport = new ScriptedTransport(array_fill(0, 5, $refusal));
        self::assertSame(array_fill(0, 5, 'network_failed'), self::calls(5, $transport, $cache));
        self::assertSame(5, $transport->count);
    }

    /**
     * As many requests of PHP, which share the cache and nothing else.
     *
     * @return list<string> what came of each
     */
    private static function calls(int $count, Transport $transport, Cache $cache): array
    {
        $results = [];
        for ($i = 0; $i < $count; $i++) {
            try {
                $bridge = new BridgeClient($transport, new Hidden('secret'), new CircuitBreaker($cache));
                $bridge->call('POST', '/v1/logout', []);
                $results[] = 'ok';
            } catch (UserrefThrowable $error) {
                $results[] = $error->errorCode()->value;
            }
        }

        return $results;
    }
}
