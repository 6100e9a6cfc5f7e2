<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Bridge\Psr18Transport;
use Userref\Bridge\Request;
use Userref\Cache\ApcuCache;
use Userref\Cache\Cache;
use Userref\Cache\FileCache;
use Userref\Cache\MemoryCache;
use Userref\Cache\Psr16Cache;
use Userref\Exception\BridgeUnreachable;
use Userref\Exception\ConfigException;
use Userref\Exception\UserrefThrowable;
use Userref\Testing\FakeUserref;

/** Parts of other people that are given to the client: called by their methods, never extended. */
final class InteropTest extends TestCase
{
    /** @dataProvider caches */
    #[DataProvider('caches')]
    public function testACacheKeepsAValueForItsTime(callable $make): void
    {
        $cache = $make();
        self::assertNull($cache->get('key'));
        $cache->set('key', "a\nvalue", 60);
        self::assertSame("a\nvalue", $cache->get('key'));
        $cache->set('key', 'another', 60);
        self::assertSame('another', $cache->get('key'));
        self::assertNull($cache->get('other'));
        $cache->set('gone', 'value', -1);
        self::assertNull($cache->get('gone'));
    }

    /** @return array<string, array{callable(): Cache}> */
    public static function caches(): array
    {
        $caches = [
            'memory' => [static fn () => new MemoryCache()],
            'files' => [static fn () => new FileCache(self::folder())],
            'PSR-16' => [static fn () => new Psr16Cache(self::psr16())],
        ];

        return $caches + (ApcuCache::isAvailable() ? ['APCu' => [static fn () => new ApcuCache('https://id.example.eu', 'shop')]] : []);
    }

    public function testACacheOfFilesThatOthersMayWriteToIsRefused(): void
    {
        $folder = self::folder();
        mkdir($folder);
        chmod($folder, 0777);
        $this->expectException(ConfigException::class);
        new FileCache($folder);
    }

    public function testAPsr18ClientCarriesTheRequest(): void
    {
        $sent = null;
        $transport = new Psr18Transport(self::client($sent), self::factory(), self::factory(), 'http://127.0.0.1:4100');
        $response = $transport->send(new Request('POST', '/v1/x', ['Authorization' => 'Bearer s'], '{}', 2.0));
        self::assertSame([200, 'answer'], [$response->status, $response->body]);
        self::assertSame(['POST', 'http://127.0.0.1:4100/v1/x', ['Authorization' => 'Bearer s'], '{}'], $sent?->parts);
    }

    public function testWhatAPsr18ClientThrowsIsNotPassedOnAsItMayHoldTheSecret(): void
    {
        $client = new class {
            public function sendRequest(object $request): never
            {
                throw new \RuntimeException('Bearer secret-of-the-bridge');
            }
        };
        $transport = new Psr18Transport($client, self::factory(), self::factory(), 'http://127.0.0.1:4100');
        try {
            $transport->send(new Request('GET', '/v1/x', [], '', 2.0));
            self::fail('There was no answer.');
        } catch (BridgeUnreachable $failure) {
            self::assertFalse(str_contains((string) $failure, 'secret-of-the-bridge'), 'The secret shows up.');
        }
    }

    public function testAPsr3LoggerIsToldTheCodeAndTheCallAndNothingElse(): void
    {
        $logger = new class {
            /** @var list<array<mixed>> */
            public array $lines = [];

            /** @param array<string, mixed> $context */
            public function log(string $level, string $message, array $context): void
            {
                $this->lines[] = [$level, $context['code'], $context['call']];
            }
        };
        $fake = new FakeUserref(config: ['logger' => $logger]);
        $session = $fake->signIn();
        try {
            $fake->userref->attributes($session, ['contact:email'], 'news');
            self::fail('It was shared.');
        } catch (UserrefThrowable) {
            self::assertSame([['notice', 'consent_required', '/v1/attributes']], $logger->lines);
        }
    }

    private static function folder(): string
    {
        return sys_get_temp_dir() . '/userref-cache-' . bin2hex(random_bytes(6));
    }

    private static function psr16(): object
    {
        return new class {
            /** @var array<string, array{mixed, int}> */
            private array $values = [];

            public function get(string $key, mixed $default = null): mixed
            {
                [$value, $until] = $this->values[$key] ?? [$default, PHP_INT_MAX];

                return $until > time() ? $value : $default;
            }

            public function set(string $key, mixed $value, int $ttl): bool
            {
                $this->values[$key] = [$value, time() + $ttl];

                return true;
            }
        };
    }

    private static function client(?object &$sent): object
    {
        return new class ($sent) {
            public function __construct(private ?object &$sent)
            {
            }

            public function sendRequest(object $request): object
            {
                $this->sent = $request;

                return new class {
                    public function getStatusCode(): int
                    {
                        return 200;
                    }

                    public function getBody(): string
                    {
                        return 'answer';
                    }
                };
            }
        };
    }

    /** Of requests and of streams. */
    private static function factory(): object
    {
        return new class {
            public function createRequest(string $method, string $url): object
            {
                return new class ([$method, $url, [], '']) {
                    /** @param array{string, string, array<string, string>, string} $parts */
                    public function __construct(public array $parts)
                    {
                    }

                    public function withHeader(string $name, string $value): self
                    {
                        $copy = clone $this;
                        $copy->parts[2][$name] = $value;

                        return $copy;
                    }

                    public function withBody(string $body): self
                    {
                        $copy = clone $this;
                        $copy->parts[3] = $body;

                        return $copy;
                    }
                };
            }

            public function createStream(string $text): string
            {
                return $text;
            }
        };
    }
}
