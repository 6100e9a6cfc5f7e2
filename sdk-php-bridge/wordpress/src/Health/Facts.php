<?php

declare(strict_types=1);

namespace UserrefLogin\Health;

use UserrefLogin\Plugin;
use UserrefLogin\Services;
use UserrefLogin\Settings\Settings;
use UserrefLogin\Users\Users;

/** How the plug-in is set up, for people who help: no secrets, and nothing about anybody. */
final class Facts
{
    public function __construct(private readonly Services $services)
    {
    }

    /** @return array<string, string> by a name that is shown */
    public function all(): array
    {
        $settings = $this->services->settings();
        $facts = [
            __('Version', 'userref-login') => Plugin::VERSION,
            __('Sign-in', 'userref-login') => $this->signIn(),
        ];
        foreach (Settings::CONSTANTS as $name => $constant) {
            $facts[$constant] = $this->setting($name);
        }

        return $facts + [
            __('Redirect address', 'userref-login') => $settings->address('callback'),
            __('Webhook address', 'userref-login') => get_rest_url(get_main_site_id(), 'userref/v1/webhook'),
            __('Webhook address without REST', 'userref-login') => $settings->address('webhook'),
            __('Accounts that sign in by Userref', 'userref-login') => (string) $this->countLinked(),
            __('Revocations that are remembered', 'userref-login') => (string) $this->countRevocations(),
            __('Next catch-up', 'userref-login') => $this->nextCatchUp(),
        ];
    }

    private function signIn(): string
    {
        if ($this->services->settings()->isDisabled()) {
            return __('switched off by USERREF_LOGIN_DISABLE', 'userref-login');
        }

        return $this->services->isConfigured() ? __('on', 'userref-login') : __('not set up', 'userref-login');
    }

    private function setting(string $name): string
    {
        $settings = $this->services->settings();
        $isStored = ($settings->stored()[$name] ?? '') !== '';
        $place = match (true) {
            $settings->isConstant($name) => __('wp-config.php', 'userref-login'),
            $isStored => __('database', 'userref-login'),
            default => __('default', 'userref-login'),
        };
        $value = $settings->get($name);
        if ($value === '') {
            return __('not set', 'userref-login');
        }

        return in_array($name, Settings::SECRETS, true) ? "({$place})" : "{$value} ({$place})";
    }

    private function countLinked(): int
    {
        global $wpdb;

        return (int) $wpdb->get_var($wpdb->prepare(
            "select count(*) from {$wpdb->usermeta} where meta_key = %s",
            Users::META
        ));
    }

    private function countRevocations(): int
    {
        global $wpdb;

        return (int) $wpdb->get_var("select count(*) from `{$this->services->revocations()->table()}` where entry not like 'w:%'");
    }

    private function nextCatchUp(): string
    {
        $next = CatchUpCheck::next();

        return $next === null ? __('not scheduled', 'userref-login') : gmdate('Y-m-d H:i:s', $next) . ' UTC';
    }
}
