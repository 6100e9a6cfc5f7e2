<?php

declare(strict_types=1);

namespace HarbourAndHill;

use UserrefLogin\Plugin;

/** The line at the top of every page: who the site takes the reader for. */
final class SessionBar
{
    public static function html(): string
    {
        $userRef = Reader::userRef();
        if ($userRef !== null) {
            return self::bar(
                '<p data-personal>You read as <code dir="ltr" data-user-ref="%1$s" title="%1$s">%2$s…</code></p>'
                . '<form method="post" action="%3$s" data-personal>'
                . '<button class="hh-plain">Sign out</button></form>',
                esc_attr($userRef),
                esc_html(substr($userRef, 0, 12)),
                esc_url(Plugin::services()->settings()->path('logout')),
            );
        }
        if (is_user_logged_in()) {
            return self::bar(
                '<p data-local-user>Signed in with a password</p><a href="%s">Dashboard</a>',
                esc_url(admin_url()),
            );
        }

        return self::bar('<p>A magazine that does not know your name</p>%s', userref_login_button());
    }

    private static function bar(string $inner, string ...$values): string
    {
        return '<div class="hh-bar">' . sprintf($inner, ...$values) . '</div>'
            . '<p class="hh-notice" data-signed-out-notice role="status" tabindex="-1" hidden>'
            . 'Your session is over: you stopped sharing, or signed out elsewhere. '
            . 'What was yours has left this page.</p>';
    }
}
