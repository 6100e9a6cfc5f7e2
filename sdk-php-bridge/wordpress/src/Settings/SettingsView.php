<?php

declare(strict_types=1);

namespace UserrefLogin\Settings;

/** The tables of the settings page. Secrets are never shown again. */
final class SettingsView
{
    public function __construct(private readonly Settings $settings)
    {
    }

    /** What is registered at the core, and what the bridge is told, to copy from. */
    public function showAddresses(): void
    {
        $settings = $this->settings;
        $rows = [
            'redirect' => [
                __('Redirect address', 'userref-login'),
                __('Register it at the core, for this site.', 'userref-login'),
                $settings->address('callback'),
            ],
            'webhook' => [
                __('Webhook address', 'userref-login'),
                __('Register it at the core: revocations arrive there.', 'userref-login'),
                get_rest_url(is_multisite() ? get_main_site_id() : null, 'userref/v1/webhook'),
            ],
            'webhook-plain' => [
                __('Webhook address without REST', 'userref-login'),
                __('In place of the one above where a plug-in shuts the REST API to visitors.', 'userref-login'),
                $settings->address('webhook'),
            ],
            'bridge' => [
                __('For the settings of the bridge', 'userref-login'),
                __('Beside the secrets.', 'userref-login'),
                $this->bridgeSettings(),
            ],
        ];
        echo '<h2>' . esc_html__('Addresses of this site', 'userref-login') . '</h2><table class="form-table" role="presentation">';
        foreach ($rows as $id => [$label, $help, $value]) {
            $this->showCopy("userref-{$id}", $label, $help, $value);
        }
        echo '</table>';
    }

    public function showFields(): void
    {
        echo '<table class="form-table" role="presentation">';
        foreach (Fields::all() as $name => $field) {
            $id = 'userref-field-' . str_replace('_', '-', $name);
            printf('<tr><th scope="row"><label for="%s">%s</label></th><td>', esc_attr($id), esc_html($field['label']));
            match (true) {
                $this->settings->isConstant($name) => $this->showConstant($id, $name),
                $name === 'role' => $this->showRoles($id),
                in_array($name, Settings::SECRETS, true) => $this->showSecret($id, $name),
                default => $this->showText($id, $name, $field['placeholder']),
            };
            printf('<p class="description" id="%s-help">%s</p></td></tr>', esc_attr($id), esc_html($field['help']));
        }
        echo '</table>';
    }

    private function showCopy(string $id, string $label, string $help, string $value): void
    {
        $lines = substr_count($value, "\n") + 1;
        printf(
            '<tr><th scope="row"><label for="%1$s" id="%1$s-label">%2$s</label></th><td>'
            . '<textarea readonly class="large-text code" rows="%3$d" id="%1$s" aria-describedby="%1$s-help" dir="ltr">%4$s</textarea>'
            . '<button type="button" class="button userref-copy" id="%1$s-copy" aria-labelledby="%1$s-copy %1$s-label" data-of="%1$s" data-done="%5$s">%6$s</button>'
            . '<p class="description" id="%1$s-help">%7$s</p></td></tr>',
            esc_attr($id),
            esc_html($label),
            (int) $lines,
            esc_textarea($value),
            esc_attr__('Copied', 'userref-login'),
            esc_html__('Copy', 'userref-login'),
            esc_html($help),
        );
    }

    private function bridgeSettings(): string
    {
        $settings = $this->settings;
        $lines = [
            'USERREF_ISSUER' => $settings->get('issuer'),
            'USERREF_SITE' => $settings->get('site'),
            'USERREF_BASE_URL' => $settings->baseUrl(),
            'USERREF_LOGIN_PATH' => $settings->path('login'),
            'USERREF_CALLBACK_PATH' => $settings->path('callback'),
            'USERREF_LOGOUT_PATH' => $settings->path('logout'),
            'USERREF_WEBHOOK_PATH' => $settings->path('webhook'),
            'USERREF_AFTER_LOGOUT' => "{$settings->homePath()}/",
        ];
        $pairs = array_map(static fn (string $name, string $value): string => "{$name}={$value}", array_keys($lines), $lines);

        return implode("\n", $pairs);
    }

    private function showConstant(string $id, string $name): void
    {
        $isSecret = in_array($name, Settings::SECRETS, true);
        $value = $isSecret ? __('(hidden)', 'userref-login') : $this->settings->get($name);
        printf(
            '<input type="text" class="regular-text code" id="%s" value="%s" disabled> <code>%s</code> %s',
            esc_attr($id),
            esc_attr($value),
            esc_html(Settings::CONSTANTS[$name]),
            esc_html__('in wp-config.php', 'userref-login'),
        );
    }

    private function showText(string $id, string $name, string $placeholder): void
    {
        printf(
            '<input type="text" class="regular-text code" name="userref[%1$s]" id="%2$s" value="%3$s" placeholder="%4$s"'
            . ' aria-describedby="%2$s-help" spellcheck="false" autocomplete="off" dir="ltr">',
            esc_attr($name),
            esc_attr($id),
            esc_attr($this->settings->stored()[$name] ?? ''),
            esc_attr($placeholder),
        );
    }

    private function showSecret(string $id, string $name): void
    {
        $isStored = ($this->settings->stored()[$name] ?? '') !== '';
        printf(
            '<input type="password" class="regular-text code" name="userref[%1$s]" id="%2$s" value="" placeholder="%3$s"'
            . ' aria-describedby="%2$s-help" spellcheck="false" autocomplete="new-password" dir="ltr">',
            esc_attr($name),
            esc_attr($id),
            $isStored ? esc_attr__('One is stored; type another to change it', 'userref-login') : '',
        );
        if ($isStored) {
            printf(
                ' <label><input type="checkbox" name="userref_forget[%s]" value="1"> %s</label>',
                esc_attr($name),
                esc_html__('Forget it', 'userref-login'),
            );
        }
        printf(
            '<p class="description">%s <code>define(\'%s\', …);</code></p>',
            esc_html__('Safer in wp-config.php, out of the database and its backups:', 'userref-login'),
            esc_html(Settings::CONSTANTS[$name]),
        );
    }

    private function showRoles(string $id): void
    {
        printf('<select name="userref[role]" id="%1$s" aria-describedby="%1$s-help">', esc_attr($id));
        foreach (Fields::roles() as $name => $label) {
            printf(
                '<option value="%s"%s>%s</option>',
                esc_attr($name),
                selected($this->settings->role(), $name, false),
                esc_html($label),
            );
        }
        echo '</select>';
    }
}
