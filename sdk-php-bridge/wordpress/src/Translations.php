<?php

declare(strict_types=1);

namespace UserrefLogin;

/** The plug-in's own translations. Those that WordPress.org delivers take precedence. */
final class Translations implements Part
{
    public function __construct(private readonly Services $services)
    {
    }

    public function register(): void
    {
        add_action('init', function (): void {
            $folder = dirname(plugin_basename($this->services->file)) . '/languages';
            load_plugin_textdomain('userref-login', false, $folder);
        }, 0);
    }
}
