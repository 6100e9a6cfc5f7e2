<?php

// For themes.

declare(strict_types=1);

use UserrefLogin\Login\Button;
use UserrefLogin\Plugin;

/**
 * The sign-in button as HTML; nothing where the visitor is signed in or sign-in is switched off.
 *
 * @param string|null $return_to a path of this site to come back to; default the page that is shown
 */
function userref_login_button(?string $return_to = null): string
{
    return (new Button(Plugin::services()))->html($return_to);
}
