<?php

declare(strict_types=1);

namespace UserrefLogin;

/** One concern of the plug-in. */
interface Part
{
    /** Adds its hooks, on `plugins_loaded`. Nothing is translated and nobody is known yet. */
    public function register(): void;
}
