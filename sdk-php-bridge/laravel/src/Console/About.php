<?php

declare(strict_types=1);

namespace Userref\Laravel\Console;

use Illuminate\Contracts\Config\Repository;

/** What `php artisan about` (Laravel 9.21 and later) tells of the settings. Secrets are there or not, and not shown. */
final class About
{
    public function __construct(private readonly Repository $config)
    {
    }

    /** @return array<string, string> */
    public function __invoke(): array
    {
        $get = fn (string $name): string => (string) ($this->config->get("userref.{$name}") ?: 'not set');

        return [
            'Site' => $get('site'),
            'Issuer' => $get('issuer'),
            'Base URL' => $get('base_url'),
            'Bridge' => $get('bridge'),
            'Bridge secret' => $this->isSet('bridge_secret'),
            'Webhooks' => $this->isSet('webhook_secret', 'webhook_public_key'),
            'Revocations' => $get('revocations'),
        ] + ($get('transport') === 'http' ? ['Transport' => 'Laravel\'s HTTP client, for tests alone'] : []);
    }

    private function isSet(string ...$names): string
    {
        foreach ($names as $name) {
            if ($this->config->get("userref.{$name}")) {
                return 'set';
            }
        }

        return 'not set';
    }
}
