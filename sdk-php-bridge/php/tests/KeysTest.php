<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\TestCase;
use Userref\Bridge\BridgeClient;
use Userref\Bridge\BridgeKeys;
use Userref\Bridge\CircuitBreaker;
use Userref\Bridge\Response;
use Userref\Bridge\Transport;
use Userref\Cache\Cache;
use Userref\Cache\MemoryCache;
use Userref\Exception\BridgeUnreachable;
use Userref\Exception\PassportRefused;
use Userref\Hidden;
use Userref\Tests\Support\ScriptedTransport;

/** The issuer's keys: asked for seldom, kept while the bridge is away. */
final class KeysTest extends TestCase
{
    private const KEYS = '{"keys":[{"kty":"EC","crv":"P-256","kid":"one","x":"SLDKhDNXifny_rioXEZh_m1aHO7yBD0w5J7dZ4Izce0","y":"Olx1BmekuleWsBZN6Ks3nhc2I1XyNUVxfXnFjFfHcJc"}]}';

    public function testKeysAreAskedForOnceAndThenCached(): void
    {
        $cache = new MemoryCache();
        $transport = new ScriptedTransport([new Response(200, self::KEYS)]);
        self::assertNotNull($this->keys($transport, $cache)->find('one'));
        self::assertNotNull($this->keys($transport, $cache)->find('one'));
        self::assertSame(1, $transport->count);
    }

    public function testAKeyThatNobodyKnowsIsAskedForAtMostOnceAMinute(): void
    {
        $cache = new MemoryCache();
        $transport = new ScriptedTransport([new Response(200, self::KEYS)]);
        $keys = $this->keys($transport, $cache);
        self::assertNotNull($keys->find('one'));
        for ($i = 0; $i < 50; $i++) {
            self::assertNull($keys->find("unknown-{$i}"));
        }
        self::assertSame(1, $transport->count);
    }

    public function testWhileTheBridgeIsAwayTheKeysAtHandServe(): void
    {
        $cache = new MemoryCache();
        $cache->set('jwks', self::KEYS, 60);
        self::assertNotNull($this->keys(new ScriptedTransport([]), $cache)->find('one'));
    }

    public function testAKeyThatIsNewWhileTheBridgeIsAwayIsNotCalledUnknown(): void
    {
        $cache = new MemoryCache();
        $cache->set('jwks', self::KEYS, 60);
        $away = $this->keys(new ScriptedTransport([]), $cache);
        for ($i = 0; $i < 3; $i++) {
            try {
                $away->find('rotated');
                self::fail('Nobody could know.');
            } catch (BridgeUnreachable $failure) {
                self::assertTrue($failure->isTransient());
            }
        }
        self::assertNotNull($away->find('one'));
    }

    public function testWithoutBridgeAndKeysNothingIsVerified(): void
    {
        $this->expectException(BridgeUnreachable::class);
        $this->keys(new ScriptedTransport([]), new MemoryCache())->find('one');
    }

    public function testASetThatIsRefusedDoesNotTakeThePlaceOfAGoodOne(): void
    {
        $cache = new MemoryCache();
        $cache->set('jwks', self::KEYS, 60);
        $private = str_replace('"kid"', '"d":"AAAA","kid"', self::KEYS);
        self::assertNotNull($this->keys(new ScriptedTransport([new Response(200, $private)]), $cache)->find('one'));
        self::assertSame(self::KEYS, $cache->get('jwks'));
        $this->expectException(PassportRefused::class);
        $this->keys(new ScriptedTransport([new Response(200, $private)]), new MemoryCache())->find('one');
    }

    public function testAnAnswerThatIsNoneOfTheBridgesIsNoAnswer(): void
    {
        foreach ([new Response(200, 'hello'), new Response(502, '<html>'), new Response(404, '{"code":"strange"}')] as $response) {
            try {
                self::bridge(new ScriptedTransport([$response]), new MemoryCache())->call('GET', '/v1/health');
                self::fail('It was taken.');
            } catch (BridgeUnreachable $failure) {
                self::assertTrue($failure->isTransient());
            }
        }
    }

    private function keys(Transport $transport, Cache $cache): BridgeKeys
    {
        return new BridgeKeys(self::bridge($transport, new MemoryCache()), $cache);
    }

    private static function bridge(Transport $transport, Cache $cache): BridgeClient
    {
        return new BridgeClient($transport, new Hidden('secret'), new CircuitBreaker($cache));
    }
}
