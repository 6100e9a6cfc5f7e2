<?php

declare(strict_types=1);

namespace Userref;

use Userref\Web\Cookie;

/** A login that came back well. */
final class FinishedLogin
{
    /** @param list<Cookie> $cookies */
    public function __construct(
        public readonly Session $session,
        /** A path of this site: send the browser there. */
        public readonly string $returnTo,
        public readonly array $cookies,
    ) {
    }
}
