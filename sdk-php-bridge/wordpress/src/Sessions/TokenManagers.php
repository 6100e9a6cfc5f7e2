<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

use UserrefLogin\Part;
use UserrefLogin\Services;

/** Puts our manager of session tokens in place of WordPress' own. */
final class TokenManagers implements Part
{
    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_filter('session_token_manager', static fn (): string => TokenManager::class, PHP_INT_MAX);
    }
}
