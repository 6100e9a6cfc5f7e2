<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

use UserrefLogin\Services;
use UserrefLogin\Settings\Settings;

/** Whether secrets lie in wp-config.php, or in the database and so in all its copies. */
final class SecretsCheck implements Check
{
    public function __construct(private readonly Services $services)
    {
    }

    public function name(): string
    {
        return 'secrets';
    }

    public function label(): string
    {
        return __('Place of secrets', 'userref-login');
    }

    public function isSlow(): bool
    {
        return false;
    }

    public function run(): Result
    {
        $stored = array_keys(array_filter($this->services->settings()->stored(), static fn (string $value): bool
            => $value !== ''));
        $secrets = array_intersect(Settings::SECRETS, $stored);
        if ($secrets === []) {
            return Result::good(__('No secret of Userref lies in the database', 'userref-login'));
        }
        $constants = array_map(static fn (string $name): string => Settings::CONSTANTS[$name], $secrets);

        return Result::recommended(
            __('Secrets of Userref lie in the database', 'userref-login'),
            sprintf(
                /* translators: %s: names of constants */
                __('Whoever gets a copy of the database could speak for this site. Set %s in wp-config.php instead; the stored value is then not used.', 'userref-login'),
                implode(', ', $constants)
            )
        );
    }
}
