<?php

declare(strict_types=1);

namespace Userref\Passport;

use Userref\Exception\PassportRefused;

/**
 * A strict verifier, the same as the SDK's for JavaScript: canonical compact form, header, key, signature, claims, in
 * this order; the first fault gives the reason. It needs no bridge as long as the keys are at hand.
 */
final class PassportVerifier
{
    private const HASH = ['ES256' => 'sha256', 'RS256' => 'sha256', 'EdDSA' => 'sha512'];

    public function __construct(private readonly KeySource $keys)
    {
    }

    /** @throws PassportRefused with the reason as its code, `passport_…` */
    public function verify(#[\SensitiveParameter] string $jwt, Expectations $expected): Passport
    {
        $token = SignedToken::verify($jwt, 'JWT', $this->keys);
        $passport = ClaimChecks::check($token->claims, $expected);
        if ($expected->accessToken !== null) {
            self::checkAccessTokenHash($token, $expected->accessToken);
        }
        if ($expected->status !== null) {
            StatusCheck::check($passport, $expected->status, $expected, $this->keys);
        }

        return $passport;
    }

    /** `at_hash`, where present, is the left half of the access token's hash (OpenID Connect Core §3.1.3.6). */
    private static function checkAccessTokenHash(SignedToken $token, #[\SensitiveParameter] string $accessToken): void
    {
        if (!$token->claims->has('at_hash')) {
            return;
        }
        $digest = hash(self::HASH[$token->alg], $accessToken, true);
        $half = Base64url::encode(substr($digest, 0, intdiv(strlen($digest), 2)));
        if ($token->claims->get('at_hash') !== $half) {
            throw Refusal::claim('at_hash does not fit.');
        }
    }
}
