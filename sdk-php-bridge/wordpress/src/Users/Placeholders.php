<?php

declare(strict_types=1);

namespace UserrefLogin\Users;

use UserrefLogin\Part;
use UserrefLogin\Plugin;
use UserrefLogin\Services;
use WP_User;

/** The address of a member is a placeholder: nobody changes it to a real one, and nobody else takes one. */
final class Placeholders implements Part
{
    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_filter('wp_pre_insert_user_data', $this->keep(...), PHP_INT_MAX, 3);
        add_action('personal_options_update', $this->ignoreForm(...), 0);
        add_action('edit_user_profile_update', $this->ignoreForm(...), 0);
        add_action('show_user_profile', $this->explain(...));
        add_action('edit_user_profile', $this->explain(...));
    }

    /**
     * @param array<string, mixed> $data
     *
     * @return array<string, mixed> nothing at all makes WordPress refuse it
     */
    private function keep(array $data, bool $isUpdate, ?int $id): array
    {
        $users = $this->services->users();
        $before = $isUpdate && $id !== null ? get_userdata($id) : false;
        if ($before instanceof WP_User) {
            $isMember = $users->isMember($before);
            $isNew = strcasecmp($before->user_email, (string) ($data['user_email'] ?? '')) !== 0;
            if ($isMember) {
                return ['user_email' => $before->user_email] + $data;
            }

            return $isNew && $users->isPlaceholder((string) ($data['user_email'] ?? '')) ? [] : $data;
        }
        $isOurs = $users->isBeingMade((string) ($data['user_login'] ?? ''));

        return !$isOurs && $users->isPlaceholder((string) ($data['user_email'] ?? '')) ? [] : $data;
    }

    /** What a form says of it. WordPress would keep the new address until it is confirmed, and ask for that by mail. */
    private function ignoreForm(int $id): void
    {
        $user = get_userdata($id);
        if ($user instanceof WP_User && $this->services->users()->isMember($user)) {
            $_POST['email'] = $user->user_email;
        }
    }

    private function explain(WP_User $user): void
    {
        if (!$this->services->users()->isMember($user)) {
            return;
        }
        $text = __('This account signs in with Userref. It has no e-mail: the address stands in for one, and no mail is ever sent to it.', 'userref-login');
        echo '<h2>Userref</h2><p id="userref-address">' . esc_html($text) . '</p>';
        $file = plugins_url('assets/profile.js', $this->services->file);
        wp_enqueue_script('userref-profile', $file, [], Plugin::VERSION, true);
    }
}
