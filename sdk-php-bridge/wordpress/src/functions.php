<?php

// For themes.

declare(strict_types=1);

use UserrefLogin\Login\Button;
use UserrefLogin\Login\ReturnTo;
use UserrefLogin\Plugin;

/**
 * The sign-in button as HTML, to be printed as it is; '' for who is signed in and where sign-in is off.
 *
 * @param string|null $return_to a path of this site to come back to; default the page that is shown
 */
function userref_login_button(?string $return_to = null, string $label = ''): string
{
    $services = Plugin::services();
    $path = $return_to === null ? null : (new ReturnTo($services->settings()))->path($return_to);

    return (new Button($services))->html($path, $label);
}
