<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\TestCase;
use Userref\Cache\Cache;
use Userref\Testing\FakeUserref;

/** A cache that several sites share: APCu is one for all pools of PHP-FPM, also for those of other users. */
final class SignedCacheTest extends TestCase
{
    public function testNoSiteTakesWhatAnotherKeeps(): void
    {
        $shared = self::shared();
        $own = self::cacheOf($shared, []);
        $own->set('cursor', '4711', 60);
        self::assertSame('4711', self::cacheOf($shared, [])->get('cursor'));
        $others = [
            ['issuer' => 'https://id.example.com'], ['site' => 'shop-b'], ['base_url' => 'https://staging.shop.example'],
            ['preview_origin' => 'https://pr-1--shop.preview.example'], ['bridge_secret' => str_repeat('t', 43)],
        ];
        foreach ($others as $config) {
            $other = self::cacheOf($shared, $config);
            self::assertNull($other->get('cursor'));
            $other->set('cursor', '9999', 60);
        }
        self::assertSame('4711', $own->get('cursor'));
    }

    public function testWhatSomebodyElsePutThereIsNoValue(): void
    {
        $shared = self::shared();
        $own = self::cacheOf($shared, []);
        foreach (['jwks', 'cursor'] as $key) {
            $own->set($key, "the {$key}", 60);
        }
        [$keys, $cursor] = array_keys($shared->values);
        $genuine = $shared->values;
        $plants = ['the keys of a thief', '', '.', 'x.y', "{$genuine[$keys]} ", strtoupper($genuine[$keys]), $genuine[$cursor]];
        foreach ($plants as $planted) {
            $shared->values[$keys] = $planted;
            self::assertNull($own->get('jwks'));
        }
        $shared->values[$keys] = str_replace('the jwks', 'no jwks!', $genuine[$keys]);
        self::assertNull($own->get('jwks'));
        $shared->values = $genuine;
        self::assertSame('the jwks', $own->get('jwks'));
    }

    public function testWhatSomebodyPutsBackWhenItsTimeIsOverIsNoValue(): void
    {
        $shared = self::shared();
        $now = 1_800_000_000;
        $clock = static function () use (&$now): int {
            return $now;
        };
        $own = self::cacheOf($shared, ['clock' => $clock]);
        $own->set('jwks', 'keys that were taken back', 60);
        $now += 59;
        self::assertNotNull($own->get('jwks'));
        $now += 1;
        self::assertNull($own->get('jwks'));
    }

    public function testKeysAreSuchAsEveryCacheTakes(): void
    {
        $shared = self::shared();
        $own = self::cacheOf($shared, []);
        foreach (['jwks-fresh', 'untold_' . str_repeat('a', 64)] as $key) {
            $own->set($key, '1', 60);
            self::assertSame('1', $own->get($key));
        }
        foreach (array_keys($shared->values) as $key) {
            self::assertMatchesRegularExpression('/\A[A-Za-z0-9_.]{1,48}\z/', (string) $key);
        }
    }

    /** @param array<string, mixed> $config */
    private static function cacheOf(Cache $shared, array $config): Cache
    {
        return (new FakeUserref(config: $config + ['cache' => $shared]))->userref->config->cache;
    }

    /** @return Cache&object{values: array<string, string>} */
    private static function shared(): Cache
    {
        return new class implements Cache {
            /** @var array<string, string> */
            public array $values = [];

            public function get(string $key): ?string
            {
                return $this->values[$key] ?? null;
            }

            public function set(string $key, string $value, int $ttlSeconds): void
            {
                $this->values[$key] = $value;
            }
        };
    }
}
