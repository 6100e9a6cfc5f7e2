<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

use UserrefLogin\Services;

/** Whether the site's address is https. */
final class HttpsCheck implements Check
{
    public function __construct(private readonly Services $services)
    {
    }

    public function name(): string
    {
        return 'https';
    }

    public function label(): string
    {
        return __('Encrypted sign-in', 'userref-login');
    }

    public function isSlow(): bool
    {
        return false;
    }

    public function run(): Result
    {
        $address = $this->services->settings()->baseUrl();
        $host = parse_url($address, PHP_URL_HOST);
        if (str_starts_with($address, 'https://')) {
            return Result::good(__('Sign-in is encrypted', 'userref-login'));
        }

        return in_array($host, ['localhost', '127.0.0.1', '[::1]'], true)
            ? Result::recommended(
                __('This site runs on a developer’s machine', 'userref-login'),
                __('Sign-in without https is accepted for localhost alone.', 'userref-login')
            )
            : Result::critical(
                __('Sign-in is not encrypted', 'userref-login'),
                __('The address of this site must begin with https://, in Settings → General or in USERREF_BASE_URL. Nobody can sign in by Userref before.', 'userref-login')
            );
    }
}
