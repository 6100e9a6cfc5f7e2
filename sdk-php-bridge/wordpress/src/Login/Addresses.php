<?php

declare(strict_types=1);

namespace UserrefLogin\Login;

use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefException;
use Userref\Web\Answer;
use UserrefLogin\Part;
use UserrefLogin\Services;

/**
 * Answers `/userref/login`, `callback`, `logout` and `webhook` below the site's home, before WordPress looks for a page.
 * No cache keeps any of it: a login that a cache began belongs to nobody.
 */
final class Addresses implements Part
{
    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        // Everybody else has loaded by then, and has not yet had the chance to send visitors elsewhere.
        add_action('wp_loaded', $this->answer(...), 0);
        // WordPress 6.8 has browsers fetch pages before anybody asks for them. These are refused then; better not to ask.
        add_filter('wp_speculation_rules_href_exclude_paths', static fn (array $paths): array
            => [...$paths, '/userref/*', '/index.php/userref/*']);
    }

    private function answer(): void
    {
        $path = explode('?', (string) wp_unslash($_SERVER['REQUEST_URI'] ?? ''), 2)[0];
        $name = str_contains($path, '/userref/') ? Requests::ownName($path, $this->services->settings()) : null;
        if ($name === null) {
            return;
        }
        self::forbidCaching();
        $this->refuse($name);
        try {
            $answer = $this->services->site()->handle() ?? Answer::empty(404);
        } catch (\Throwable $failure) {
            $detail = 'The site could not look it up.';
            $error = new UserrefException(ErrorCode::ServiceUnavailable, $detail, previous: $failure);
            $answer = $this->services->site()->answerError($error);
        }
        $answer->send();
        exit;
    }

    /** @return void and ends the request with a page when there is nothing to answer with */
    private function refuse(string $name): void
    {
        if (in_array($name, ['login', 'callback'], true) && $this->services->settings()->isDisabled()) {
            $this->page(
                __('Signing in by Userref is switched off', 'userref-login'),
                __('The administrator of this site has switched it off for now. Please try again later.', 'userref-login'),
            );
        }
        if (!$this->services->isConfigured()) {
            $this->page(
                __('Signing in is not set up yet', 'userref-login'),
                current_user_can('manage_options')
                    ? __('Open Settings → Userref: it lists what is missing.', 'userref-login')
                    : __('Please tell the administrator of this site.', 'userref-login'),
            );
        }
    }

    private function page(string $title, string $text): never
    {
        wp_die('<h1>' . esc_html($title) . '</h1><p>' . esc_html($text) . '</p>', esc_html($title), [
            'response' => 503,
            'link_url' => esc_url($this->services->settings()->homePath() . '/'),
            'link_text' => __('Back to the start page', 'userref-login'),
        ]);
        exit;
    }

    private static function forbidCaching(): void
    {
        foreach (['DONOTCACHEPAGE', 'DONOTCACHEOBJECT', 'DONOTCACHEDB', 'DONOTMINIFY'] as $name) {
            defined($name) || define($name, true);
        }
        nocache_headers();
        header('Vary: Cookie', false);
    }
}
