<?php

declare(strict_types=1);

namespace UserrefLogin\Login;

use UserrefLogin\Settings\Settings;

/** Where a visitor goes on after a login: a path of this site. The bridge checks it once more. */
final class ReturnTo
{
    private const MAX_LENGTH = 1500;

    public function __construct(private readonly Settings $settings)
    {
    }

    /** The page that is shown; the start page for what is no page. */
    public function here(): string
    {
        $isPage = ($_SERVER['REQUEST_METHOD'] ?? '') === 'GET' && !is_admin() && !wp_doing_ajax()
            && !(defined('REST_REQUEST') && REST_REQUEST) && !is_404();

        return $isPage ? $this->path(esc_url_raw(wp_unslash($_SERVER['REQUEST_URI'] ?? ''))) : $this->start();
    }

    /** Of an address that a page was given, such as `redirect_to`; the start page for an address of elsewhere. */
    public function path(string $address): string
    {
        $origin = $this->settings->baseUrl();
        $path = str_starts_with($address, "{$origin}/") ? substr($address, strlen($origin)) : $address;
        $isPath = preg_match('~\A/(?![/\\\\])[\x21-\x5b\x5d-\x7e]*\z~D', $path) === 1;
        $name = Requests::ownName(explode('?', $path, 2)[0], $this->settings);

        return $isPath && strlen($path) <= self::MAX_LENGTH && $name === null ? $path : $this->start();
    }

    private function start(): string
    {
        return $this->settings->homePath() . '/';
    }
}
