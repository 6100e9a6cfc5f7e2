<?php

declare(strict_types=1);

namespace UserrefLogin\Privacy;

use UserrefLogin\Part;

/** A paragraph for the site's privacy policy, where WordPress offers such texts. */
final class PolicyText implements Part
{
    public function register(): void
    {
        add_action('admin_init', static function (): void {
            wp_add_privacy_policy_content('Userref Login', self::html());
        });
    }

    public static function html(): string
    {
        $paragraphs = [
            __('When you sign in with Userref, this site learns a random name that stands for you here and nowhere else. It does not learn your name, e-mail or address, and does not store them.', 'userref-login'),
            __('While you are signed in, this site keeps a session with that name, the time when you signed in, and what you agreed to share. It ends after some hours, or at once when you sign out here, at Userref, or withdraw your agreement. IP address and browser are not kept with it.', 'userref-login'),
            __('When something needs more, such as your address for a delivery, you are asked at that moment. What you share is fetched from Userref when it is needed and is not stored here. In My data at Userref you see what you share with this site, stop it, get a copy of your data, or delete it.', 'userref-login'),
            __('You can ask for the data that this site keeps by itself: it is found by the random name in your profile.', 'userref-login'),
        ];
        $html = '<p class="privacy-policy-tutorial">'
            . esc_html__('Add whom your site uses as operator of Userref, and what it asks visitors to share.', 'userref-login')
            . '</p>';
        foreach ($paragraphs as $paragraph) {
            $html .= '<p>' . esc_html($paragraph) . '</p>';
        }

        return $html;
    }
}
