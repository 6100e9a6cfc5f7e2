<?php

declare(strict_types=1);

namespace Userref\Passport;

use Userref\Contract\ErrorCode;
use Userref\Exception\PassportRefused;

/** A JWS in its one canonical compact form (RFC 7515 §7.1). */
final class CompactForm
{
    /** Longest passport in characters; ours are about a thousand. */
    public const MAX_LENGTH = 16384;

    private function __construct(
        public readonly string $header,
        public readonly string $payload,
        public readonly string $signature,
    ) {
    }

    /** @throws PassportRefused `passport_malformed` */
    public static function split(#[\SensitiveParameter] string $jwt, int $maxLength = self::MAX_LENGTH): self
    {
        $parts = strlen($jwt) > $maxLength ? [] : explode('.', $jwt, 4);
        if (count($parts) !== 3) {
            throw Refusal::malformed();
        }
        [$header, $payload, $signature] = $parts;
        // An empty signature is the unsigned form: `alg` says so, and gets the reason.
        $isSigned = $signature === '' || Base64url::isCanonical($signature);
        if (!Base64url::isCanonical($header) || !Base64url::isCanonical($payload) || !$isSigned) {
            throw Refusal::malformed();
        }

        return new self($header, $payload, $signature);
    }

    /** What the signature is over. */
    public function signedText(): string
    {
        return $this->header . '.' . $this->payload;
    }

    /** @throws PassportRefused `passport_malformed`, `passport_duplicate_member` */
    public static function object(string $part): JsonObject
    {
        try {
            $value = StrictJson::parse(Base64url::decode($part) ?? '');
        } catch (JsonFault $fault) {
            throw $fault->isDuplicateMember
                ? new PassportRefused(ErrorCode::PassportDuplicateMember)
                : Refusal::malformed();
        }

        return $value instanceof JsonObject ? $value : throw Refusal::malformed();
    }
}
