<?php

declare(strict_types=1);

namespace UserrefLogin\Login;

use UserrefLogin\Plugin;
use UserrefLogin\Services;

/** A link to the address that starts a login. It holds nothing of a login, so it may be cached with the page. */
final class Button
{
    public function __construct(private readonly Services $services)
    {
    }

    /**
     * HTML; '' where nobody can sign in by Userref, and for who is signed in.
     *
     * @param string|null $returnTo a path of this site; default the page that is shown
     */
    public function html(?string $returnTo = null, string $label = ''): string
    {
        if (is_user_logged_in() || !$this->isOn()) {
            return '';
        }
        wp_enqueue_style('userref-login', plugins_url('assets/login.css', $this->services->file), [], Plugin::VERSION);

        return sprintf(
            '<a class="userref-login-button wp-element-button" rel="nofollow" href="%s">%s</a>',
            esc_url($this->address($returnTo)),
            esc_html($label === '' ? __('Sign in with Userref', 'userref-login') : $label),
        );
    }

    public function isOn(): bool
    {
        return !$this->services->settings()->isDisabled() && $this->services->isConfigured();
    }

    /** The start address, on the main site of a network. */
    public function address(?string $returnTo = null): string
    {
        $settings = $this->services->settings();
        $returnTo = apply_filters('userref_return_to', $returnTo ?? (new ReturnTo($settings))->here());
        $path = $this->services->site()->loginPath($returnTo);
        $isHere = str_starts_with(get_option('home') . '/', $settings->baseUrl() . '/');

        return $isHere ? $path : $settings->baseUrl() . $path;
    }
}
