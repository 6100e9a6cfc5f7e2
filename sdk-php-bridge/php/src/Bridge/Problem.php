<?php

declare(strict_types=1);

namespace Userref\Bridge;

use Userref\Contract\ErrorCode;
use Userref\Exception\BridgeUnreachable;
use Userref\Exception\ConsentRequired;
use Userref\Exception\LoginFailed;
use Userref\Exception\SessionEnded;
use Userref\Exception\UserrefException;
use Userref\Exception\WebhookRejected;
use Userref\Web\Cookie;

/** Problem documents (RFC 9457) of the bridge as exceptions. */
final class Problem
{
    private const LOGIN = '/\A(?:login_|issuer_mismatch|token_exchange_failed|passport_)/';

    public static function toException(#[\SensitiveParameter] Response $response): UserrefException
    {
        $problem = json_decode($response->body, true);
        $problem = is_array($problem) ? $problem : [];
        $code = ErrorCode::tryFrom(self::text($problem, 'code') ?? '');
        if ($code === null) {
            $detail = "The bridge answered with {$response->status} and something unexpected.";

            return new BridgeUnreachable(ErrorCode::BridgeUnreachable, $detail);
        }
        if (isset($problem['cookies']) || preg_match(self::LOGIN, $code->value) === 1) {
            return self::loginFailed($code, $problem);
        }
        $requestId = self::text($problem, 'request_id');
        $given = [$code, self::text($problem, 'detail'), (bool) ($problem['retryable'] ?? false), $requestId];

        return match (true) {
            $code === ErrorCode::ConsentRequired, $code === ErrorCode::ConsentExpired
                => new ConsentRequired(self::names($problem), self::text($problem, 'purpose') ?? '', $code, $requestId),
            str_starts_with($code->value, 'session_') => new SessionEnded(...$given),
            str_starts_with($code->value, 'webhook_') => new WebhookRejected(...$given),
            default => new UserrefException(...$given),
        };
    }

    /** @param array<mixed> $problem */
    private static function loginFailed(ErrorCode $code, #[\SensitiveParameter] array $problem): LoginFailed
    {
        return new LoginFailed(
            $code,
            self::text($problem, 'detail'),
            (bool) ($problem['retryable'] ?? false),
            self::text($problem, 'request_id'),
            Cookie::listFrom($problem['cookies'] ?? []),
            self::text($problem, 'return_to'),
            self::text($problem, 'session_handle'),
        );
    }

    /**
     * @param array<mixed> $problem
     *
     * @return list<string>
     */
    private static function names(array $problem): array
    {
        return array_values(array_filter((array) ($problem['attributes'] ?? []), 'is_string'));
    }

    /** @param array<mixed> $problem */
    private static function text(array $problem, string $member): ?string
    {
        $value = $problem[$member] ?? null;

        return is_string($value) ? $value : null;
    }
}
