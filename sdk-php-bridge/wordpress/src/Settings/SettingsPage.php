<?php

declare(strict_types=1);

namespace UserrefLogin\Settings;

use UserrefLogin\Health\BridgeCheck;
use UserrefLogin\Part;
use UserrefLogin\Plugin;
use UserrefLogin\Services;

/**
 * Settings → Userref; in multisite those of the network. For who manages the site or the network anyway: bridge and
 * issuer decide who signs in as whom, so whoever may change them may do everything.
 */
final class SettingsPage implements Part
{
    public const SLUG = 'userref-login';
    private const ACTION = 'userref_settings';
    private const CHECK = 'userref_check';

    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_action(is_multisite() ? 'network_admin_menu' : 'admin_menu', $this->addToMenu(...));
        add_action('admin_post_' . self::ACTION, $this->save(...));
        $links = is_multisite() ? 'network_admin_plugin_action_links_' : 'plugin_action_links_';
        add_filter($links . plugin_basename($this->services->file), fn (array $links): array => [
            '<a href="' . esc_url($this->address()) . '">' . esc_html__('Settings', 'userref-login') . '</a>',
            ...$links,
        ]);
    }

    /** In a network only who manages it: the secrets are those of all its sites. */
    private static function capability(): string
    {
        return is_multisite() ? 'manage_network_options' : 'manage_options';
    }

    private function addToMenu(): void
    {
        $parent = is_multisite() ? 'settings.php' : 'options-general.php';
        $page = add_submenu_page($parent, 'Userref', 'Userref', self::capability(), self::SLUG, $this->show(...));
        add_action("load-{$page}", function (): void {
            $file = $this->services->file;
            wp_enqueue_style('userref-settings', plugins_url('assets/settings.css', $file), [], Plugin::VERSION);
            wp_enqueue_script('userref-settings', plugins_url('assets/settings.js', $file), ['wp-a11y'], Plugin::VERSION, true);
        });
    }

    private function address(): string
    {
        return is_multisite()
            ? network_admin_url('settings.php?page=' . self::SLUG)
            : admin_url('options-general.php?page=' . self::SLUG);
    }

    private function save(): void
    {
        check_admin_referer(self::ACTION);
        if (!current_user_can(self::capability())) {
            wp_die(esc_html__('Sorry, you are not allowed to do that.', 'userref-login'), '', ['response' => 403]);
        }
        $posted = wp_unslash($_POST['userref'] ?? []);
        $forget = wp_unslash($_POST['userref_forget'] ?? []);
        $values = $this->services->settings()->stored();
        foreach (is_array($posted) ? $posted : [] as $name => $given) {
            $value = Fields::clean($given);
            $isKept = $value === '' && in_array($name, Settings::SECRETS, true) && !isset($forget[$name]);
            if (!$isKept) {
                $values[$name] = $value;
            }
        }
        $this->services->settings()->store($values);
        wp_safe_redirect(add_query_arg('userref_saved', '1', $this->address()));
        exit;
    }

    private function show(): void
    {
        $view = new SettingsView($this->services->settings());
        echo '<div class="wrap userref-settings"><h1>Userref</h1>';
        $this->showState();
        $this->showCheck();
        $view->showAddresses();
        echo '<h2>' . esc_html__('Settings', 'userref-login') . '</h2>'
            . '<form method="post" action="' . esc_url(admin_url('admin-post.php')) . '">'
            . '<input type="hidden" name="action" value="' . esc_attr(self::ACTION) . '">';
        wp_nonce_field(self::ACTION);
        $view->showFields();
        submit_button();
        echo '</form></div>';
    }

    private function showState(): void
    {
        if (isset($_GET['userref_saved'])) {
            self::notice('success', __('Saved.', 'userref-login'));
        }
        if ($this->services->settings()->isDisabled()) {
            self::notice('warning', __('USERREF_LOGIN_DISABLE in wp-config.php switches sign-in off.', 'userref-login'));
        }
        $problems = $this->services->configProblems();
        if ($problems !== []) {
            $list = implode('', array_map(static fn (string $one): string => '<li>' . esc_html($one) . '</li>', $problems));
            $title = esc_html__('Nobody can sign in with Userref yet:', 'userref-login');
            echo wp_kses_post("<div class=\"notice notice-warning\"><p>{$title}</p><ul class=\"ul-disc\">{$list}</ul></div>");
        }
    }

    private function showCheck(): void
    {
        $address = wp_nonce_url(add_query_arg('userref_check', '1', $this->address()), self::CHECK);
        $isAsked = isset($_GET['userref_check'])
            && wp_verify_nonce(sanitize_key($_GET['_wpnonce'] ?? ''), self::CHECK) !== false;
        if ($isAsked) {
            $result = (new BridgeCheck($this->services))->run();
            $kind = ['good' => 'success', 'recommended' => 'warning', 'critical' => 'error'][$result->status];
            self::notice($kind, trim("{$result->summary}. {$result->explanation}"));
        }
        printf(
            '<p><a class="button" href="%s">%s</a> <a href="%s">%s</a></p>',
            esc_url($address),
            esc_html__('Check the connection', 'userref-login'),
            esc_url(get_admin_url(get_main_site_id(), 'site-health.php')),
            esc_html__('All checks: Tools → Site Health', 'userref-login'),
        );
    }

    private static function notice(string $kind, string $text): void
    {
        printf('<div class="notice notice-%s" role="status"><p>%s</p></div>', esc_attr($kind), esc_html($text));
    }
}
