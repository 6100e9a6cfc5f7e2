<?php

declare(strict_types=1);

namespace Userref\Passport;

use Userref\Contract\AssuranceLevel;

/** What a verified passport says. No personal data. Times are Unix seconds. */
final class Passport
{
    /** @param list<string> $consents attributes with a live consent at the time of issue: a hint */
    public function __construct(
        public readonly string $userRef,
        public readonly string $sid,
        public readonly array $consents,
        public readonly AssuranceLevel $assuranceLevel,
        public readonly string $tenant,
        public readonly int $authTime,
        public readonly int $issuedAt,
        public readonly int $expiresAt,
        /** Where its revocation can be seen; null when the issuer keeps no status lists. */
        public readonly ?string $statusUri,
        public readonly ?int $statusIndex,
    ) {
    }
}
