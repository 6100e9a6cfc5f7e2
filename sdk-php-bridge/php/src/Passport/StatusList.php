<?php

declare(strict_types=1);

namespace Userref\Passport;

use Userref\Contract\ErrorCode;
use Userref\Exception\PassportRefused;

/** A verified list (Token Status List, draft-21). Times are Unix seconds. */
final class StatusList
{
    /** Longest list in characters; ours have about eight thousand. */
    private const MAX_LENGTH = 2097152;
    private const BITS = [1, 2, 4, 8];

    private function __construct(
        public readonly int $issuedAt,
        public readonly ?int $expiresAt,
        /** How long the issuer wants it used, in seconds. */
        public readonly ?int $ttl,
        private readonly int $bits,
        private readonly string $bytes,
    ) {
    }

    /** Which list a text is, unverified; null when it is none. */
    public static function subjectOf(string $token): ?string
    {
        try {
            $subject = CompactForm::object(CompactForm::split($token, self::MAX_LENGTH)->payload)->get('sub');
        } catch (PassportRefused) {
            return null;
        }

        return is_string($subject) ? $subject : null;
    }

    /** @throws PassportRefused `passport_status_too_large`, `…_signature_invalid`, `…_invalid` */
    public static function read(string $token, string $issuer, KeySource $keys): self
    {
        if (strlen($token) > self::MAX_LENGTH) {
            throw new PassportRefused(ErrorCode::PassportStatusTooLarge);
        }
        $claims = self::verified($token, $keys)->claims;
        if ($claims->has('iss') && $claims->get('iss') !== $issuer) {
            $detail = 'The status list names another issuer.';
            throw new PassportRefused(ErrorCode::PassportStatusSignatureInvalid, $detail);
        }
        $body = $claims->get('status_list');
        $issuedAt = ClaimChecks::seconds($claims->get('iat')) ?? throw Refusal::status('iat is missing or malformed.');
        $bits = $body instanceof JsonObject ? ClaimChecks::seconds($body->get('bits')) : null;
        if (!$body instanceof JsonObject || !in_array($bits, self::BITS, true)) {
            throw Refusal::status('bits is not 1, 2, 4 or 8.');
        }
        $packed = Base64url::decode($body->get('lst')) ?? throw Refusal::status('lst is no canonical base64url.');
        $bytes = Inflate::bounded($packed);

        return new self($issuedAt, self::optional($claims, 'exp'), self::optional($claims, 'ttl'), $bits, $bytes);
    }

    /** The value at a place, from the lowest bit of the first byte on; null where the list has none. */
    public function at(int $index): ?int
    {
        $perByte = intdiv(8, $this->bits);
        $at = intdiv($index, $perByte);
        // By length: PHP built for 32 bits cuts an offset that is too large, and reads another byte.
        if ($at >= strlen($this->bytes)) {
            return null;
        }

        return (ord($this->bytes[$at]) >> ($index % $perByte) * $this->bits) & ((1 << $this->bits) - 1);
    }

    private static function verified(string $token, KeySource $keys): SignedToken
    {
        try {
            return SignedToken::verify($token, 'statuslist+jwt', $keys, self::MAX_LENGTH);
        } catch (PassportRefused $refusal) {
            $isForged = in_array(
                $refusal->errorCode(),
                [ErrorCode::PassportKeyUnknown, ErrorCode::PassportSignatureInvalid],
                true,
            );
            throw $isForged
                ? new PassportRefused(ErrorCode::PassportStatusSignatureInvalid)
                : Refusal::status('It is no signed status list.');
        }
    }

    private static function optional(JsonObject $claims, string $name): ?int
    {
        if (!$claims->has($name)) {
            return null;
        }

        return ClaimChecks::seconds($claims->get($name)) ?? throw Refusal::status("{$name} is malformed.");
    }
}
