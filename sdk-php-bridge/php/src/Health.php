<?php

declare(strict_types=1);

namespace Userref;

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
}
