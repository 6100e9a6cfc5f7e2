<?php

declare(strict_types=1);

namespace HarbourAndHill;

use Userref\Exception\UserrefThrowable;
use Userref\Session;
use UserrefLogin\Plugin;

/** Who reads. */
final class Reader
{
    /** The session of a reader who signed in by Userref. */
    public static function session(): ?Session
    {
        try {
            return Plugin::services()->isConfigured() ? Plugin::services()->site()->user() : null;
        } catch (UserrefThrowable) {
            return null;
        }
    }

    public static function userRef(): ?string
    {
        return self::session()?->userRef;
    }

    /** The page that is shown, as a path of this site. */
    public static function path(): string
    {
        return (string) wp_parse_url(sanitize_url(wp_unslash((string) ($_SERVER['REQUEST_URI'] ?? '/'))), PHP_URL_PATH);
    }
}
