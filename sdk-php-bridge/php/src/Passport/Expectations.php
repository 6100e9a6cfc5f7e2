<?php

declare(strict_types=1);

namespace Userref\Passport;

/** What a passport is held against. Times are Unix seconds. */
final class Expectations
{
    public function __construct(
        public readonly string $issuer,
        public readonly string $site,
        public readonly int $now,
        public readonly int $toleranceSeconds,
        /** The `nonce` of the login; null leaves the claim unchecked. */
        public readonly ?string $nonce = null,
        /** Longest time since the person signed in. */
        public readonly ?int $maxAgeSeconds = null,
        /** Checked where the passport has an `at_hash`. */
        #[\SensitiveParameter] public readonly ?string $accessToken = null,
        /** Saved status lists. Null: revocations are not looked for, the passport lives an hour at most. */
        public readonly ?OfflineStatus $status = null,
    ) {
    }
}
