<?php

declare(strict_types=1);

namespace Userref\Tests\Support;

use Userref\Exception\PassportRefused;
use Userref\Passport\Expectations;
use Userref\Passport\JsonObject;
use Userref\Passport\KeySet;
use Userref\Passport\KeySource;
use Userref\Passport\OfflineStatus;
use Userref\Passport\PassportVerifier;
use Userref\Passport\PublishedKey;
use Userref\Passport\StrictJson;

/** One case of docs/contract/vectors/passports. Needs no test framework: the run over PHP 8.1 to 8.5 uses it too. */
final class PassportVector implements KeySource
{
    private function __construct(private readonly JsonObject $vector)
    {
    }

    public static function read(string $file): self
    {
        return new self(StrictJson::parse((string) file_get_contents($file)));
    }

    /** `accepted`, or the reason. */
    public function expected(): string
    {
        return $this->vector->get('reason') ?? $this->vector->get('verdict');
    }

    /** What our verifier says. */
    public function verdict(): string
    {
        $expected = $this->vector->get('expected');
        try {
            (new PassportVerifier($this))->verify($this->vector->get('jwt'), new Expectations(
                $expected->get('issuer'),
                $expected->get('site'),
                $expected->get('now'),
                $expected->get('tolerance_seconds'),
                $expected->get('nonce'),
                $expected->get('max_age_seconds'),
                $expected->get('access_token'),
                self::status($expected->get('status')),
            ));
        } catch (PassportRefused $refusal) {
            return $refusal->errorCode()->value;
        }

        return 'accepted';
    }

    public function find(string $kid): ?PublishedKey
    {
        return KeySet::parse($this->vector->get('keys'))->find($kid);
    }

    private static function status(?JsonObject $status): ?OfflineStatus
    {
        return $status === null ? null : new OfflineStatus(
            $status->get('lists'),
            $status->get('max_age_seconds'),
            $status->get('allow_stale') ?? false,
        );
    }
}
