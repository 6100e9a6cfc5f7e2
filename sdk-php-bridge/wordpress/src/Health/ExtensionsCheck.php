<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

use UserrefLogin\Services;

/** Whether PHP has what the client needs. */
final class ExtensionsCheck implements Check
{
    public function __construct(private readonly Services $services)
    {
    }

    public function name(): string
    {
        return 'extensions';
    }

    public function label(): string
    {
        return __('Extensions of PHP', 'userref-login');
    }

    public function isSlow(): bool
    {
        return false;
    }

    public function run(): Result
    {
        $needsSodium = $this->services->settings()->get('webhook_public_key') !== '';
        $needed = ['openssl', 'hash', 'json', ...($needsSodium ? ['sodium'] : [])];
        $missing = self::missing($needed);
        if ($missing !== []) {
            return Result::critical(
                __('PHP lacks extensions that sign-in needs', 'userref-login'),
                /* translators: %s: names of PHP extensions */
                sprintf(__('Install: %s.', 'userref-login'), implode(', ', $missing))
            );
        }
        $wanted = self::missing(['curl', 'sodium']);

        return $wanted === []
            ? Result::good(__('PHP has all extensions that sign-in uses', 'userref-login'))
            : Result::recommended(
                __('PHP lacks extensions that sign-in could use', 'userref-login'),
                sprintf(
                    /* translators: %s: names of PHP extensions */
                    __('It works without, only slower or with fewer kinds of signatures: %s.', 'userref-login'),
                    implode(', ', $wanted)
                )
            );
    }

    /**
     * By their functions: WordPress brings a sodium of its own, which is slow and does the same.
     *
     * @param list<string> $names
     *
     * @return list<string>
     */
    private static function missing(array $names): array
    {
        $functions = [
            'openssl' => 'openssl_verify',
            'hash' => 'hash_hmac',
            'json' => 'json_encode',
            'curl' => 'curl_init',
            'sodium' => 'sodium_crypto_sign_verify_detached',
        ];

        return array_values(array_filter($names, static fn (string $name): bool => !function_exists($functions[$name])));
    }
}
