<?php

declare(strict_types=1);

namespace Userref\Passport;

use Userref\Contract\ErrorCode;
use Userref\Exception\PassportRefused;

/** A token whose signature fits. */
final class SignedToken
{
    private function __construct(public readonly string $alg, public readonly JsonObject $claims)
    {
    }

    /**
     * Canonical compact form, header, key, signature, payload, in this order. Nothing that a token names is fetched.
     *
     * @param string $typ the one that is accepted, so that no kind of token passes for another (RFC 8725 §3.11)
     *
     * @throws PassportRefused
     */
    public static function verify(
        #[\SensitiveParameter] string $jwt,
        string $typ,
        KeySource $keys,
        int $maxLength = CompactForm::MAX_LENGTH,
    ): self {
        $parts = CompactForm::split($jwt, $maxLength);
        $header = Header::check(CompactForm::object($parts->header), $typ);
        $key = $keys->find($header->kid) ?? throw new PassportRefused(ErrorCode::PassportKeyUnknown);
        $key->verify($header->alg, $parts->signedText(), Base64url::decode($parts->signature) ?? '');

        return new self($header->alg, CompactForm::object($parts->payload));
    }
}
