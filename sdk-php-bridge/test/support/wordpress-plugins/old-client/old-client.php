<?php

/*
 * Plugin Name: Old client
 * Description: Another plug-in of the site, which brings an old client of Userref of its own.
 */

declare(strict_types=1);

namespace Userref {
    final class Config
    {
        public const VERSION = 'old';

        public static function fromArray(array $given): string
        {
            return 'old config of ' . implode(', ', array_keys($given));
        }
    }

    final class Userref
    {
        public static function fromConfig(array $given): string
        {
            return Config::fromArray($given);
        }
    }
}

namespace Userref\Web {
    final class Site
    {
    }
}

namespace {
    // What it shows of itself on the site's pages.
    add_action('wp_footer', static function (): void {
        echo '<p id="old-client">' . esc_html(Userref\Userref::fromConfig(['site' => 'a'])) . '</p>';
    });
}
