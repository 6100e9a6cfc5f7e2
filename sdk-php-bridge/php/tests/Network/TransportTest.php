<?php

declare(strict_types=1);

namespace Userref\Tests\Network;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Bridge\Address;
use Userref\Bridge\CurlTransport;
use Userref\Bridge\Request;
use Userref\Bridge\StreamTransport;
use Userref\Bridge\Transport;
use Userref\Exception\BridgeUnreachable;

/** How long PHP waits for a bridge that is in trouble, on real sockets. */
final class TransportTest extends TestCase
{
    /** @dataProvider transports */
    #[DataProvider('transports')]
    public function testAnAddressWhereNothingIsTakenIsGivenUpSoon(string $transport): void
    {
        [$server, $address] = self::listen(['socket' => ['backlog' => 1]]);
        $waiting = self::fillUp($address);
        $seconds = self::secondsUntilRefused(new $transport(Address::parse("http://{$address}")), 2.0);
        self::assertGreaterThanOrEqual(0.2, $seconds);
        self::assertLessThan(1.0, $seconds);
        array_map(fclose(...), [...$waiting, $server]);
    }

    /** @dataProvider transports */
    #[DataProvider('transports')]
    public function testNothingIsListeningThere(string $transport): void
    {
        [$server, $address] = self::listen();
        fclose($server);
        foreach (["http://{$address}", 'unix:/nowhere/bridge.sock'] as $bridge) {
            self::assertLessThan(0.2, self::secondsUntilRefused(new $transport(Address::parse($bridge)), 2.0));
        }
    }

    /** @dataProvider transports */
    #[DataProvider('transports')]
    public function testWhatWasSentIsNotSentAgain(string $transport): void
    {
        [$server, $address] = self::listen();
        self::secondsUntilRefused(new $transport(Address::parse("http://{$address}")), 0.3);
        $calls = 0;
        while (($call = @stream_socket_accept($server, 0)) !== false) {
            self::assertStringContainsString('/v1/attributes/seal', (string) fread($call, 4096));
            $calls++;
        }
        self::assertSame(1, $calls);
    }

    /** @dataProvider transports */
    #[DataProvider('transports')]
    public function testAnErrorHoldsNothingOfTheRequestInItsTrace(string $transport): void
    {
        $request = new Request('POST', '/v1/logout', ['Authorization' => 'Bearer canary'], 'canary', 1.0);
        $before = ini_set('zend.exception_ignore_args', '0');
        try {
            (new $transport(Address::parse('unix:/nowhere/bridge.sock')))->send($request);
            self::fail('There was an answer.');
        } catch (BridgeUnreachable $failure) {
            $arguments = array_merge(...array_values(array_column($failure->getTrace(), 'args')));
        } finally {
            ini_set('zend.exception_ignore_args', (string) $before);
        }
        $shown = array_map(static fn (mixed $one): string => $one instanceof Request ? 'canary' : '', $arguments);
        self::assertNotContains('canary', $shown);
    }

    /** @return array<string, array{class-string<Transport>}> */
    public static function transports(): array
    {
        return ['curl' => [CurlTransport::class], 'streams' => [StreamTransport::class]];
    }

    private static function secondsUntilRefused(Transport $transport, float $timeout): float
    {
        $request = new Request('POST', '/v1/attributes/seal', ['Content-Type' => 'application/json'], '{}', $timeout);

        return self::seconds(static fn () => $transport->send($request));
    }

    private static function seconds(callable $call): float
    {
        $start = microtime(true);
        try {
            $call();
            self::fail('There was an answer.');
        } catch (BridgeUnreachable) {
            return microtime(true) - $start;
        }
    }

    /**
     * A server that accepts nobody by itself.
     *
     * @param array<string, mixed> $options
     *
     * @return array{resource, string}
     */
    private static function listen(array $options = []): array
    {
        $flags = STREAM_SERVER_BIND | STREAM_SERVER_LISTEN;
        $context = stream_context_create($options);
        $server = stream_socket_server('tcp://127.0.0.1:0', $code, $message, $flags, $context);
        self::assertNotFalse($server);

        return [$server, (string) stream_socket_get_name($server, false)];
    }

    /**
     * Takes every place in the queue of a server, so that who comes next is kept waiting by the system.
     *
     * @return list<resource>
     */
    private static function fillUp(string $address): array
    {
        $waiting = [];
        for ($i = 0; $i < 8; $i++) {
            $client = @stream_socket_client("tcp://{$address}", $code, $message, 0.2);
            if ($client === false) {
                return $waiting;
            }
            $waiting[] = $client;
        }
        self::fail('The queue has no end.');
    }
}
