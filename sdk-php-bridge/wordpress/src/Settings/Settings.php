<?php

declare(strict_types=1);

namespace UserrefLogin\Settings;

/**
 * What the plug-in runs with. Each value comes from a constant in wp-config.php, or else from the option
 * `userref_login` (of the network in multisite). Nothing of it is ever read from a request.
 */
final class Settings
{
    public const OPTION = 'userref_login';
    /** Constant by name of the value. */
    public const CONSTANTS = [
        'bridge' => 'USERREF_BRIDGE',
        'bridge_secret' => 'USERREF_BRIDGE_SECRET',
        'issuer' => 'USERREF_ISSUER',
        'site' => 'USERREF_SITE',
        'webhook_secret' => 'USERREF_WEBHOOK_SECRET',
        'webhook_public_key' => 'USERREF_WEBHOOK_PUBLIC_KEY',
        'base_url' => 'USERREF_BASE_URL',
        'role' => 'USERREF_ROLE',
    ];
    public const SECRETS = ['bridge_secret', 'webhook_secret'];
    /** What makes a role one that may manage the site, or take it over. */
    private const MANAGING = [
        'manage_options', 'edit_users', 'create_users', 'promote_users', 'delete_users', 'list_users', 'activate_plugins',
        'install_plugins', 'edit_plugins', 'update_plugins', 'install_themes', 'edit_themes', 'switch_themes',
        'edit_theme_options', 'edit_files', 'update_core', 'import', 'export', 'unfiltered_html', 'unfiltered_upload',
        'manage_woocommerce', 'edit_shop_orders', 'view_woocommerce_reports', 'userref_view_shipping',
    ];
    private const STANDARD = ['bridge' => 'unix:/run/userref/bridge.sock', 'role' => 'subscriber'];

    /** The value as text; '' for none. A list of secrets is joined by commas. */
    public function get(string $name): string
    {
        $given = $this->isConstant($name) ? constant(self::CONSTANTS[$name]) : $this->stored()[$name] ?? '';
        $text = is_array($given) ? implode(',', array_filter($given, 'is_string')) : $given;
        $text = is_string($text) ? trim($text) : '';

        return $text === '' ? self::STANDARD[$name] ?? '' : $text;
    }

    /** Whether wp-config.php sets it. */
    public function isConstant(string $name): bool
    {
        return isset(self::CONSTANTS[$name]) && defined(self::CONSTANTS[$name]);
    }

    /** `USERREF_LOGIN_DISABLE` in wp-config.php: no button, no login by Userref. Passwords go on, and so do revocations. */
    public function isDisabled(): bool
    {
        return defined('USERREF_LOGIN_DISABLE') && constant('USERREF_LOGIN_DISABLE');
    }

    /** The role of members. What is no role, or one that may manage the site, counts as `subscriber`. */
    public function role(): string
    {
        $role = get_role($this->get('role'));

        return $role === null || self::mayManage($role) ? 'subscriber' : $role->name;
    }

    /** Anybody can become a member, so no member may begin with such a role. */
    public static function mayManage(\WP_Role $role): bool
    {
        foreach (self::MANAGING as $capability) {
            if ($role->has_cap($capability)) {
                return true;
            }
        }

        return false;
    }

    /** The origin of the site, such as `https://shop.example`. */
    public function baseUrl(): string
    {
        return preg_replace('~\A(https?://[^/?#]+).*\z~Dsi', '$1', $this->home()) ?? '';
    }

    /** Whether this site of a network has the origin that logins come back to: cookies of another never get there. */
    public function isOnMainOrigin(): bool
    {
        return !is_multisite() || str_starts_with(get_home_url() . '/', "{$this->baseUrl()}/");
    }

    /** The path of the site's home: '' or, below a folder, such as `/blog`. */
    public function homePath(): string
    {
        return rtrim((string) parse_url($this->home(), PHP_URL_PATH), '/');
    }

    /**
     * The path of one of our addresses.
     *
     * @param 'login'|'callback'|'logout'|'webhook' $name
     */
    public function path(string $name): string
    {
        return "{$this->homePath()}{$this->index()}/userref/{$name}";
    }

    /**
     * The whole address, as it is registered at the core.
     *
     * @param 'login'|'callback'|'logout'|'webhook' $name
     */
    public function address(string $name): string
    {
        return $this->baseUrl() . $this->path($name);
    }

    /** @return array<string, mixed> for {@see \Userref\Config::fromArray}, without what are no settings */
    public function clientConfig(): array
    {
        $names = ['login', 'callback', 'logout', 'webhook'];

        return [
            'bridge' => $this->get('bridge'),
            'bridge_secret' => $this->get('bridge_secret'),
            'issuer' => $this->get('issuer'),
            'site' => $this->get('site'),
            'webhook_secret' => $this->all('webhook_secret'),
            'webhook_public_key' => $this->all('webhook_public_key'),
            'base_url' => $this->baseUrl(),
            // Of one deployment, so never in a database that is copied to others.
            'preview_origin' => defined('USERREF_PREVIEW_ORIGIN') ? constant('USERREF_PREVIEW_ORIGIN') : null,
            'paths' => array_combine($names, array_map($this->path(...), $names)),
            'after_logout' => $this->homePath() . '/',
        ];
    }

    /** @return array<string, string> what the option holds */
    public function stored(): array
    {
        $stored = get_site_option(self::OPTION, []);

        return is_array($stored) ? array_filter($stored, 'is_string') : [];
    }

    /** @param array<string, string> $values what is no setting, or is set by a constant, stays out of the database */
    public function store(array $values): void
    {
        $ours = array_intersect_key($values, self::CONSTANTS);
        $kept = array_filter($ours, fn (string $name): bool => !$this->isConstant($name), ARRAY_FILTER_USE_KEY);
        update_site_option(self::OPTION, $kept);
    }

    /** @return list<string> */
    private function all(string $name): array
    {
        return preg_split('/[\s,]+/', $this->get($name), -1, PREG_SPLIT_NO_EMPTY) ?: [];
    }

    /** The option itself: what `home_url()` gives may be filtered, by language or by the request. */
    private function home(): string
    {
        $given = $this->get('base_url');

        return $given === '' ? (string) $this->optionOfMainSite('home') : $given;
    }

    /** Without pretty permalinks the server hands nothing to WordPress but index.php. */
    private function index(): string
    {
        $structure = (string) $this->optionOfMainSite('permalink_structure');

        return $structure === '' || str_starts_with($structure, '/index.php') ? '/index.php' : '';
    }

    private function optionOfMainSite(string $name): mixed
    {
        return is_multisite() ? get_blog_option(get_main_site_id(), $name) : get_option($name);
    }
}
