<?php

declare(strict_types=1);

namespace UserrefLogin\Settings;

/** The fields of the settings page, in their order. */
final class Fields
{
    /** @return array<string, array{label: string, help: string, placeholder: string}> by name of the value */
    public static function all(): array
    {
        return array_map(static fn (array $texts): array => array_combine(['label', 'help', 'placeholder'], $texts), [
            'issuer' => [
                __('Address of the core', 'userref-login'),
                __('Where people sign in. Your operator gives it to you, with the next two.', 'userref-login'),
                'https://id.example.eu',
            ],
            'site' => [
                __('Id of this site', 'userref-login'),
                __('The name that the core knows this site by.', 'userref-login'),
                'cms-shop-123',
            ],
            'webhook_secret' => [
                __('Secret of webhooks', 'userref-login'),
                __('Begins with whsec_. The core signs with it what it tells this site. Two, by comma, while it is changed.', 'userref-login'),
                '',
            ],
            'webhook_public_key' => [
                __('Public key of webhooks', 'userref-login'),
                __('Begins with whpk_. In place of the secret, or beside it.', 'userref-login'),
                '',
            ],
            'bridge' => [
                __('Where the bridge listens', 'userref-login'),
                __('The program beside PHP that talks to the core: its socket, or its port on this machine.', 'userref-login'),
                'unix:/run/userref/bridge.sock',
            ],
            'bridge_secret' => [
                __('Secret of the bridge', 'userref-login'),
                __('The same as in the settings of the bridge; 43 characters or more.', 'userref-login'),
                '',
            ],
            'role' => [
                __('Role of members', 'userref-login'),
                __('What somebody becomes who signs in for the first time. Roles that may manage the site are not offered.', 'userref-login'),
                '',
            ],
            'base_url' => [
                __('Address of this site', 'userref-login'),
                __('Only where it differs from the address in Settings → General. Nothing of it is read from requests.', 'userref-login'),
                'https://shop.example',
            ],
        ]);
    }

    /** What was typed: one line, as it is. Secrets must not be changed by what cleans texts. */
    public static function clean(mixed $given): string
    {
        $text = is_string($given) ? wp_check_invalid_utf8($given) : '';

        return substr(trim((string) preg_replace('/[\x00-\x1f\x7f]+/', '', $text)), 0, 2000);
    }

    /** @return array<string, string> names of roles that members may have */
    public static function roles(): array
    {
        $names = [];
        foreach (wp_roles()->role_objects as $name => $role) {
            if (!Settings::mayManage($role)) {
                $names[$name] = translate_user_role(wp_roles()->role_names[$name] ?? $name);
            }
        }

        return $names;
    }
}
