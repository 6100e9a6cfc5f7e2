<?php

declare(strict_types=1);

namespace Userref\Bridge;

use Userref\Contract\ErrorCode;
use Userref\Exception\BridgeUnreachable;
use Userref\Exception\UserrefThrowable;
use Userref\Hidden;

/** Calls the bridge. */
final class BridgeClient
{
    private const SECONDS = 2.0;
    /** For calls that reach the core; the bridge itself gives up before that. */
    private const SECONDS_TO_CORE = 5.0;
    private const VIA_CORE = ['/v1/login/', '/v1/attributes', '/v1/webhook/confirm-purge', '/v1/jwks', '/v1/logout'];

    /**
     * @param Hidden<string> $secret
     * @param \Psr\Log\LoggerInterface|null $logger
     */
    public function __construct(
        private readonly Transport $transport,
        private readonly Hidden $secret,
        private readonly CircuitBreaker $breaker,
        private readonly ?object $logger = null,
    ) {
    }

    /**
     * @param array<string, mixed>|null $body what is null in it is left out
     * @param array<string, callable(mixed): bool> $members what the answer must have: not everything that answers on a
     *     port of this machine is the bridge
     *
     * @return array<string, mixed>
     *
     * @throws UserrefThrowable
     */
    public function call(
        string $method,
        string $target,
        #[\SensitiveParameter] ?array $body = null,
        array $members = [],
    ): array {
        $answer = json_decode($this->text($method, $target, $body), true);

        return self::check(is_array($answer) ? $answer : throw self::unusable(), $members);
    }

    /**
     * @param array<string, mixed> $answer
     * @param array<string, callable(mixed): bool> $members
     *
     * @return array<string, mixed> the same
     *
     * @throws BridgeUnreachable
     */
    public static function check(#[\SensitiveParameter] array $answer, array $members): array
    {
        foreach ($members as $name => $fits) {
            if (!$fits($answer[$name] ?? null)) {
                throw self::unusable();
            }
        }

        return $answer;
    }

    /**
     * The answer as it came.
     *
     * @param array<string, mixed>|null $body
     *
     * @throws UserrefThrowable
     */
    public function text(string $method, string $target, #[\SensitiveParameter] ?array $body = null): string
    {
        $request = $this->request($method, $target, $body);
        try {
            $response = $this->breaker->guard(fn () => $this->transport->send($request));
        } catch (BridgeUnreachable $failure) {
            $this->log('error', $failure, $target);
            throw $failure;
        }
        if ($response->status === 200) {
            return $response->body;
        }
        $error = Problem::toException($response);
        $this->log($response->status >= 500 ? 'error' : 'notice', $error, $target);
        throw $error;
    }

    /** @param array<string, mixed>|null $body */
    private function request(string $method, string $target, #[\SensitiveParameter] ?array $body): Request
    {
        $json = '';
        $headers = [
            'Accept' => 'application/json',
            'Authorization' => 'Bearer ' . $this->secret->reveal(),
            'X-Request-Id' => bin2hex(random_bytes(8)),
        ];
        if ($body !== null) {
            $headers['Content-Type'] = 'application/json';
            $given = array_filter($body, static fn ($value) => $value !== null);
            $json = json_encode((object) $given, JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE);
        }

        return new Request($method, $target, $headers, $json, self::secondsFor($target));
    }

    private static function secondsFor(string $target): float
    {
        foreach (self::VIA_CORE as $start) {
            if (str_starts_with($target, $start)) {
                return self::SECONDS_TO_CORE;
            }
        }

        return self::SECONDS;
    }

    private function log(string $level, UserrefThrowable $error, string $target): void
    {
        $this->logger?->log($level, 'userref: {code} from {call}', [
            'code' => $error->errorCode()->value,
            'call' => explode('?', $target, 2)[0],
            'request_id' => $error->requestId(),
        ]);
    }

    public static function unusable(): BridgeUnreachable
    {
        return new BridgeUnreachable(ErrorCode::BridgeUnreachable, 'The bridge gave an answer that cannot be used.');
    }
}
