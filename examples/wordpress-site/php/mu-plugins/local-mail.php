<?php

/*
 * Plugin Name: Mail of a site on this machine
 * Description: Gives mails a sender. WordPress makes one of the site's host, and none of "localhost" is an address.
 */

declare(strict_types=1);

add_filter('wp_mail_from', static fn (string $from): string => is_email($from) ? $from : 'site@site.invalid');
