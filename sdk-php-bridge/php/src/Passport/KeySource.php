<?php

declare(strict_types=1);

namespace Userref\Passport;

/** Gives a published key by its `kid`. */
interface KeySource
{
    public function find(string $kid): ?PublishedKey;
}
