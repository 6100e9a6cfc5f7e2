<?php

declare(strict_types=1);

namespace UserrefLogin\Cli;

use UserrefLogin\Part;
use UserrefLogin\Services;

/** `wp userref …`, where WP-CLI runs WordPress. */
final class CommandLine implements Part
{
    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        if (defined('WP_CLI') && WP_CLI) {
            \WP_CLI::add_command('userref', new Commands($this->services));
        }
    }
}
