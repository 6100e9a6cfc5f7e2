<?php

declare(strict_types=1);

namespace UserrefLogin\Login;

use UserrefLogin\Services;

/** A link to the address that starts a login. It holds nothing of a login, so it may be cached with the page. */
final class Button
{
    public function __construct(private readonly Services $services)
    {
    }

    /** @param string|null $returnTo a path of this site; default the page that is shown */
    public function html(?string $returnTo = null, ?string $label = null): string
    {
        $settings = $this->services->settings();
        if ($settings->isDisabled() || !$this->services->isConfigured()) {
            return '';
        }
        $path = $this->services->site()->loginPath($returnTo ?? $settings->homePath() . '/');

        return sprintf(
            '<a class="userref-login-button" rel="nofollow" href="%s">%s</a>',
            esc_url($path),
            esc_html($label ?? __('Sign in', 'userref-login')),
        );
    }
}
