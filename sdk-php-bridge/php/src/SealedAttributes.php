<?php

declare(strict_types=1);

namespace Userref;

/** Attributes that the site may store and cannot read. */
final class SealedAttributes
{
    public function __construct(
        /** Store this. It says nothing about the person, and only the cell can open it. */
        public readonly string $sealed,
        public readonly \DateTimeImmutable $notBefore,
        public readonly \DateTimeImmutable $expiresAt,
    ) {
    }
}
