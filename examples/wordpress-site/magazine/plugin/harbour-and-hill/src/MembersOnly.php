<?php

declare(strict_types=1);

namespace HarbourAndHill;

/** What stands between its tags is for members; everybody else gets an invitation. */
final class MembersOnly
{
    /** @param array<string, mixed> $attributes */
    public static function html(array $attributes, string $content): string
    {
        if (is_user_logged_in()) {
            return '<div data-personal data-members>' . $content . '</div>';
        }

        return '<div class="hh-card" data-gate><p>The rest is for members. Becoming one takes two clicks, and no name.</p><p>'
            . userref_login_button(label: 'Sign in to read on') . '</p></div>';
    }
}
