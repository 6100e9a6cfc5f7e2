<?php

// Runs the PHP that it reads, within WordPress and with its functions for administrators, as "wp eval" would.

declare(strict_types=1);

require __DIR__ . '/command-line.php';
require getenv('SITE_ROOT') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';

try {
    (static function (): void {
        eval((string) stream_get_contents(STDIN));
    })();
} catch (Throwable $problem) {
    fwrite(STDERR, $problem . "\n");
    exit(1);
}
