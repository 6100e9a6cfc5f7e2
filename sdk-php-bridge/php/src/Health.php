<?php

declare(strict_types=1);

namespace Userref;

use Userref\Bridge\BridgeClient;
use Userref\Exception\BridgeUnreachable;

/** What the bridge says about itself. */
final class Health
{
    public function __construct(
        /** Whether the core answers too. */
        public readonly bool $isOk,
        public readonly string $issuer,
        public readonly string $site,
        /** The core's clock minus the bridge's; null before the first answer. */
        public readonly ?int $clockOffsetMs,
        public readonly ?int $keysAgeSeconds,
        /** Whether the bridge knows the revocations of late. */
        public readonly bool $hasCaughtUp,
    ) {
    }

    /**
     * @param array<string, mixed> $answer
     *
     * @throws BridgeUnreachable when it is none of the bridge
     */
    public static function fromAnswer(array $answer): self
    {
        $isNumber = static fn (mixed $value): bool => $value === null || is_int($value);
        BridgeClient::check($answer, [
            'status' => 'is_string',
            'issuer' => 'is_string',
            'site' => 'is_string',
            'clock_offset_ms' => $isNumber,
            'jwks_age_s' => $isNumber,
            'revocations' => 'is_array',
        ]);

        return new self(
            $answer['status'] === 'ok',
            $answer['issuer'],
            $answer['site'],
            $answer['clock_offset_ms'],
            $answer['jwks_age_s'],
            ($answer['revocations']['caught_up'] ?? null) === true,
        );
    }
}
