<?php

declare(strict_types=1);

namespace Userref\Passport;

use Userref\Contract\AssuranceLevel;
use Userref\Contract\ErrorCode;
use Userref\Contract\PassportClaims;
use Userref\Exception\PassportRefused;
use Userref\UserReference;

/** All checks of the contract on the claims, in its order. */
final class ClaimChecks
{
    private const SESSION_ID = '/\A[\x21-\x7e]{1,128}\z/D';
    private const ATTRIBUTE_NAME = '/\A[a-z][a-z0-9_]{0,31}:[a-z][a-z0-9_]{0,31}\z/D';
    private const MAX_CONSENTS = 64;
    private const MAX_URI = 512;
    /** Whole numbers above it lose digits where numbers are floating-point. */
    private const MAX_SAFE_INTEGER = 9007199254740991.0;

    private function __construct(private readonly JsonObject $claims, private readonly Expectations $expected)
    {
    }

    /** @throws PassportRefused */
    public static function check(JsonObject $claims, Expectations $expected): Passport
    {
        foreach (PassportClaims::REQUIRED as $name) {
            if (!$claims->has($name)) {
                throw new PassportRefused(ErrorCode::PassportClaimMissing, "{$name} is missing.");
            }
        }
        $checks = new self($claims, $expected);
        $checks->parties();
        [$iat, $exp, $authTime] = $checks->times();
        if ($expected->nonce !== null && $claims->get('nonce') !== $expected->nonce) {
            throw new PassportRefused(ErrorCode::PassportNonceMismatch);
        }
        $userRef = $checks->subject();
        $body = $claims->get('passport');
        [$consents, $level] = self::body($body);
        $sid = $checks->text('sid');
        $tenant = $checks->text('tenant');
        [$uri, $index] = self::status($claims);

        return new Passport($userRef, $sid, $consents, $level, $tenant, $authTime, $iat, $exp, $uri, $index);
    }

    /** A whole number from 0 on: `1.0` is 1, as in every language whose numbers are floating-point. */
    public static function seconds(mixed $value): ?int
    {
        $isWhole = is_int($value) || (is_float($value) && floor($value) === $value);
        if (!$isWhole || $value < 0 || $value > self::MAX_SAFE_INTEGER) {
            return null;
        }

        // Where PHP has 32 bits, a cast of what is larger could give any number at all.
        return $value > PHP_INT_MAX ? PHP_INT_MAX : (int) $value;
    }

    private function parties(): void
    {
        $site = $this->expected->site;
        if ($this->claims->get('iss') !== $this->expected->issuer) {
            throw new PassportRefused(ErrorCode::PassportIssuerInvalid);
        }
        if ($this->claims->get('aud') !== $site) {
            throw new PassportRefused(ErrorCode::PassportAudienceInvalid);
        }
        if ($this->claims->has('azp') && $this->claims->get('azp') !== $site) {
            throw new PassportRefused(ErrorCode::PassportAzpInvalid);
        }
        if ($this->claims->get('site') !== $site) {
            throw Refusal::claim('site is not this site.');
        }
    }

    /** @return array{int, int, int} */
    private function times(): array
    {
        $now = $this->expected->now;
        $tolerance = $this->expected->toleranceSeconds;
        $exp = $this->time('exp');
        $iat = $this->time('iat');
        $authTime = $this->time('auth_time');
        $nbf = $this->claims->has('nbf') ? $this->time('nbf') : $iat;
        $maxAge = $this->expected->maxAgeSeconds;

        $fault = match (true) {
            $exp <= $iat => Refusal::claim('exp is not after iat.'),
            $exp <= $now - $tolerance => new PassportRefused(ErrorCode::PassportExpired),
            $iat > $now + $tolerance => new PassportRefused(ErrorCode::PassportIssuedInFuture),
            $nbf > $now + $tolerance => new PassportRefused(ErrorCode::PassportNotYetValid),
            $authTime > $iat + $tolerance => Refusal::claim('auth_time is after iat.'),
            $maxAge !== null && $now - $authTime > $maxAge + $tolerance
                => new PassportRefused(ErrorCode::PassportTooOld),
            default => null,
        };

        return $fault === null ? [$iat, $exp, $authTime] : throw $fault;
    }

    private function time(string $name): int
    {
        return self::seconds($this->claims->get($name))
            ?? throw Refusal::claim("{$name} is no time in Unix seconds.");
    }

    private function subject(): string
    {
        $sub = $this->claims->get('sub');
        if (!UserReference::isValid($sub) || $sub !== $this->claims->get('user_ref')) {
            throw new PassportRefused(ErrorCode::PassportSubjectInvalid);
        }

        return $sub;
    }

    private function text(string $name): string
    {
        $value = $this->claims->get($name);
        if (is_string($value) && preg_match(self::SESSION_ID, $value) === 1) {
            return $value;
        }
        throw Refusal::claim("{$name} is malformed.");
    }

    /** @return array{list<string>, AssuranceLevel} */
    private static function body(mixed $body): array
    {
        if (!$body instanceof JsonObject) {
            throw Refusal::claim('passport is no object.');
        }
        $version = $body->get('v');
        if (!is_int($version) && !is_float($version) || (float) $version !== (float) PassportClaims::VERSION) {
            throw new PassportRefused(ErrorCode::PassportVersionUnknown);
        }
        $level = $body->get('assurance_level');
        $level = is_string($level) ? AssuranceLevel::tryFrom($level) : null;
        if ($level === null) {
            throw Refusal::claim('assurance_level is unknown.');
        }
        $consents = $body->get('consents');
        if (!is_array($consents) || count($consents) > self::MAX_CONSENTS) {
            throw Refusal::claim('consents is no list of attribute names.');
        }
        foreach ($consents as $name) {
            if (!is_string($name) || preg_match(self::ATTRIBUTE_NAME, $name) !== 1) {
                throw Refusal::claim('consents is no list of attribute names.');
            }
        }

        return [array_values($consents), $level];
    }

    /** @return array{string|null, int|null} */
    private static function status(JsonObject $claims): array
    {
        if (!$claims->has('status')) {
            return [null, null];
        }
        $status = $claims->get('status');
        $place = $status instanceof JsonObject ? $status->get('status_list') : null;
        $index = $place instanceof JsonObject ? self::seconds($place->get('idx')) : null;
        $uri = $place instanceof JsonObject ? $place->get('uri') : null;
        if ($index === null || !is_string($uri) || strlen($uri) > self::MAX_URI) {
            throw Refusal::claim('status names no place in a status list.');
        }

        return [$uri, $index];
    }
}
