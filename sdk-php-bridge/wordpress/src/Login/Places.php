<?php

declare(strict_types=1);

namespace UserrefLogin\Login;

use UserrefLogin\Part;
use UserrefLogin\Plugin;
use UserrefLogin\Services;

/** Where the button stands: on WordPress' own login page, as shortcode `[userref_login]`, as block. */
final class Places implements Part
{
    private readonly Button $button;

    public function __construct(private readonly Services $services)
    {
        $this->button = new Button($services);
    }

    public function register(): void
    {
        add_action('login_form', $this->onLoginPage(...));
        add_action('init', function (): void {
            add_shortcode('userref_login', fn (mixed $given): string => $this->ofShortcode((array) $given));
            $this->registerBlock();
        });
    }

    /** Its likeness stands in the editor's frame, into which WordPress brings what a block names and nothing else. */
    private function registerBlock(): void
    {
        $file = $this->services->file;
        $needs = ['wp-blocks', 'wp-block-editor', 'wp-components', 'wp-element', 'wp-i18n'];
        wp_register_style('userref-login', plugins_url('assets/login.css', $file), [], Plugin::VERSION);
        wp_register_script('userref-login-block', plugins_url('assets/block.js', $file), $needs, Plugin::VERSION);
        wp_set_script_translations('userref-login-block', 'userref-login', dirname($file) . '/languages');
        register_block_type('userref/login', [
            'api_version' => 3,
            'attributes' => ['label' => ['type' => 'string', 'default' => '']],
            'editor_script_handles' => ['userref-login-block'],
            'editor_style_handles' => ['userref-login'],
            'render_callback' => fn (array $given): string => $this->ofBlock($given),
        ]);
    }

    private function onLoginPage(): void
    {
        $given = $_REQUEST['redirect_to'] ?? '';
        $address = is_string($given) ? esc_url_raw(wp_unslash($given)) : '';
        $html = $this->button->html((new ReturnTo($this->services->settings()))->path($address));
        // In the small window that WordPress opens when a session is over, where the core shows no page.
        if (isset($_REQUEST['interim-login'])) {
            $html = str_replace('<a ', '<a target="_blank" ', $html);
        }
        if ($html !== '') {
            wp_print_styles('userref-login');
            echo '<p class="userref-login-page">' . $html . '</p>'; // phpcs:ignore -- escaped by Button
        }
    }

    /** @param array<string, mixed> $given `label`, `return_to` */
    private function ofShortcode(array $given): string
    {
        $given = shortcode_atts(['label' => '', 'return_to' => ''], $given, 'userref_login');
        $returnTo = (string) $given['return_to'];

        return $this->button->html(
            $returnTo === '' ? null : (new ReturnTo($this->services->settings()))->path($returnTo),
            sanitize_text_field((string) $given['label']),
        );
    }

    /** @param array<string, mixed> $given `label` */
    private function ofBlock(array $given): string
    {
        $html = $this->button->html(null, sanitize_text_field((string) ($given['label'] ?? '')));

        return $html === '' ? '' : sprintf('<div %s>%s</div>', get_block_wrapper_attributes(), $html);
    }
}
