<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

use UserrefLogin\Services;

/** Whether the address that begins a login really begins one each time, and no cache keeps it. */
final class StartAddressCheck implements Check
{
    /** What caches in front of WordPress add to an answer that they kept. */
    private const HIT = '/\bhit\b/i';
    private const CACHE_HEADERS = ['x-cache', 'x-cache-status', 'x-proxy-cache', 'cf-cache-status', 'x-litespeed-cache'];

    public function __construct(private readonly Services $services)
    {
    }

    public function name(): string
    {
        return 'start_address';
    }

    public function label(): string
    {
        return __('Address that sign-in begins at', 'userref-login');
    }

    public function isSlow(): bool
    {
        return true;
    }

    public function run(): Result
    {
        if (!$this->services->isConfigured() || $this->services->settings()->isDisabled()) {
            return Result::good(__('Sign-in by Userref is off', 'userref-login'));
        }
        $url = $this->services->settings()->address('login');
        $first = Loopback::get($url);
        $second = Loopback::get($url);
        if ($first === null || $second === null) {
            return Result::recommended(
                __('This site cannot ask itself', 'userref-login'),
                __('The address that sign-in begins at could not be fetched from here, so nobody knows whether a cache keeps it.', 'userref-login')
            );
        }

        return $this->judge($first, $second);
    }

    /**
     * @param array{status: int, headers: array<string, string>, body: string} $first
     * @param array{status: int, headers: array<string, string>, body: string} $second
     */
    private function judge(array $first, array $second): Result
    {
        $addresses = [$first['headers']['location'] ?? '', $second['headers']['location'] ?? ''];
        $issuer = $this->services->userref()->config->issuer;
        if ($addresses[0] !== '' && $addresses[0] === $addresses[1] && str_starts_with($addresses[0], $issuer)) {
            return Result::critical(
                __('A cache keeps the beginning of a login', 'userref-login'),
                __('Two visits got the same login, so it fails for everybody but the first. Exclude addresses below /userref/ from the page cache and from the CDN.', 'userref-login')
            );
        }
        if (!str_starts_with($addresses[0], $issuer) || !str_starts_with($addresses[1], $issuer)) {
            return Result::critical(
                __('The address that sign-in begins at does not begin one', 'userref-login'),
                sprintf(
                    /* translators: %d: HTTP status such as 404 */
                    __('It was answered with status %d. Another plug-in or the web server may be in the way, or the bridge is away.', 'userref-login'),
                    $first['status']
                )
            );
        }

        return self::isKeepable($first) || self::isKeepable($second)
            ? Result::recommended(
                __('A cache may keep the beginning of a login', 'userref-login'),
                __('The answer has lost the header “Cache-Control: no-store”, or says that it came from a cache. Exclude addresses below /userref/ from the page cache and from the CDN.', 'userref-login')
            )
            : Result::good(__('Every visit begins a login of its own', 'userref-login'));
    }

    /** @param array{status: int, headers: array<string, string>, body: string} $answer */
    private static function isKeepable(array $answer): bool
    {
        $headers = $answer['headers'];
        $isHit = isset($headers['age']) && (int) $headers['age'] > 0;
        foreach (self::CACHE_HEADERS as $name) {
            $isHit = $isHit || preg_match(self::HIT, $headers[$name] ?? '') === 1;
        }

        return $isHit || !str_contains($headers['cache-control'] ?? '', 'no-store');
    }
}
