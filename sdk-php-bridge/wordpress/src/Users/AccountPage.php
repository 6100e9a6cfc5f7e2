<?php

declare(strict_types=1);

namespace UserrefLogin\Users;

use Userref\Exception\UserrefThrowable;
use Userref\Web\Answer;
use UserrefLogin\Part;
use UserrefLogin\Services;
use WP_User;

/** The page below the profile on which people connect their own account, and disconnect it. */
final class AccountPage implements Part
{
    private const SLUG = 'userref-account';
    private const TRIES = 5;
    private const PAUSE_SECONDS = 900;

    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_action('admin_menu', function (): void {
            $settings = $this->services->settings();
            $isOffered = $this->services->isConfigured() && !$settings->isDisabled() && $settings->isOnMainOrigin();
            if ($isOffered || $this->services->users()->isLinked(get_current_user_id())) {
                add_users_page('Userref', 'Userref', 'read', self::SLUG, $this->show(...));
            }
        });
        add_action('admin_post_userref_connect', $this->connect(...));
        add_action('admin_post_userref_disconnect', $this->disconnect(...));
    }

    private function connect(): void
    {
        check_admin_referer('userref_connect');
        $user = wp_get_current_user();
        try {
            // One try after the other: many at once would be counted as one.
            $claims = new Claims($this->services->revocations());
            $isPassword = $claims->alone("connect_{$user->ID}", fn (): bool => $this->isPassword($user));
            if (!$isPassword || $this->services->users()->isLinked($user)) {
                $this->back('password');
            }
            $page = (string) wp_parse_url($this->address(), PHP_URL_PATH) . '?page=' . self::SLUG;
            $this->send((new Connecting($this->services))->begin($user, $page));
        } catch (UserrefThrowable $error) {
            $this->send($this->services->site()->answerError($error));
        }
    }

    private function disconnect(): void
    {
        check_admin_referer('userref_disconnect');
        $this->services->users()->disconnect(wp_get_current_user());
        // Who was signed in by Userref is not any more, and signs in with their password.
        $this->back('disconnected');
    }

    /** A session that somebody left open must not be enough. Few tries: it must not be a way to guess either. */
    private function isPassword(WP_User $user): bool
    {
        $key = "userref_connect_{$user->ID}";
        $tries = (int) get_transient($key);
        $given = $_POST['password'] ?? '';
        if ($tries >= self::TRIES || !is_string($given) || $given === '') {
            return false;
        }
        // WordPress hashes passwords with the slashes that it puts into forms, so they stay.
        $fits = wp_check_password($given, $user->user_pass, $user->ID);
        $fits ? delete_transient($key) : set_transient($key, $tries + 1, self::PAUSE_SECONDS);

        return $fits;
    }

    private function back(string $result): never
    {
        wp_safe_redirect(add_query_arg('userref_result', $result, $this->address()));
        exit;
    }

    private function send(Answer $answer): never
    {
        $answer->send();
        exit;
    }

    private function address(): string
    {
        return admin_url((current_user_can('list_users') ? 'users.php' : 'profile.php') . '?page=' . self::SLUG);
    }

    private function show(): void
    {
        $user = wp_get_current_user();
        $users = $this->services->users();
        echo '<div class="wrap"><h1>Userref</h1>';
        $this->showResult();
        if ($users->isMember($user)) {
            echo '<p>' . esc_html__('This account signs in with Userref, and in no other way.', 'userref-login') . '</p>';
        } elseif ($users->isLinked($user)) {
            $this->showConnected();
        } else {
            $this->showUnconnected();
        }
        echo '</div>';
    }

    private function showResult(): void
    {
        $result = is_string($_GET['userref_result'] ?? null) ? sanitize_key($_GET['userref_result']) : '';
        $texts = [
            'connected' => ['success', __('Connected. From now on you can sign in with Userref as well.', 'userref-login')],
            'disconnected' => ['success', __('Disconnected. You sign in with your password.', 'userref-login')],
            'password' => ['error', __('The password does not fit, or was wrong too often. Try again; after five wrong ones in a quarter of an hour.', 'userref-login')],
            'late' => ['error', __('Nothing was connected: it took too long, or was begun in another browser. Please begin again here.', 'userref-login')],
            'taken' => ['error', __('Nothing was connected: this Userref login has an account of its own on this site already. An administrator can delete that account, and what belongs to it can be given to yours. Then connect again.', 'userref-login')],
            'failed' => ['error', __('Nothing was connected: the site could not look it up. Please try again in a minute.', 'userref-login')],
        ];
        if (isset($texts[$result])) {
            [$kind, $text] = $texts[$result];
            printf('<div class="notice notice-%s" role="status"><p>%s</p></div>', esc_attr($kind), esc_html($text));
        }
    }

    private function showConnected(): void
    {
        echo '<p>' . esc_html__('Your account is connected: you sign in with Userref or with your password.', 'userref-login') . '</p>';
        $this->form('userref_disconnect', '', __('Disconnect', 'userref-login'));
    }

    private function showUnconnected(): void
    {
        echo '<p>' . esc_html__('Connect this account, and you can sign in to it with Userref as well. Your password stays. Nothing is compared by e-mail: type your password, then sign in with Userref.', 'userref-login') . '</p>';
        $field = '<p><label for="userref-password">' . esc_html__('Your password on this site', 'userref-login') . '</label><br>'
            . '<input type="password" class="regular-text" name="password" id="userref-password" required autocomplete="current-password"></p>';
        $this->form('userref_connect', $field, __('Go on to Userref', 'userref-login'));
    }

    /** @param string $fields HTML */
    private function form(string $action, string $fields, string $button): void
    {
        echo '<form method="post" action="' . esc_url(admin_url('admin-post.php')) . '">'
            . '<input type="hidden" name="action" value="' . esc_attr($action) . '">' . $fields; // phpcs:ignore
        wp_nonce_field($action);
        submit_button($button);
        echo '</form>';
    }
}
