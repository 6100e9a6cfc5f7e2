<?php

declare(strict_types=1);

namespace UserrefLogin\Users;

use UserrefLogin\Part;
use UserrefLogin\Services;

/** What WordPress may not do with members. */
final class Accounts implements Part
{
    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
    }
}
