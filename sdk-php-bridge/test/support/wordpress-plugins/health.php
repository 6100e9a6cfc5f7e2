<?php

/*
 * Plugin Name: Health
 * Description: What goes wrong around the plug-in, each switched on by a constant of wp-config.php.
 */

declare(strict_types=1);

// A cache that keeps whatever it gets, as some in front of WordPress do.
if (defined('TEST_STUBBORN_CACHE') && str_contains($_SERVER['REQUEST_URI'], '/userref/login')) {
    $kept = WP_CONTENT_DIR . '/kept-location';
    if (is_file($kept)) {
        header('Location: ' . file_get_contents($kept), true, 302);
        exit;
    }
    ob_start(static function (string $page) use ($kept): string {
        $location = preg_grep('/\Alocation:/i', headers_list());
        $location === [] || file_put_contents($kept, substr((string) reset($location), strlen('Location: ')));

        return $page;
    });
}

// A server that takes away what forbids caching.
if (defined('TEST_LOST_HEADERS')) {
    ob_start(static function (string $page): string {
        header_remove('Cache-Control');

        return $page;
    });
}

// A firewall in front of the addresses that names like to be blocked by.
if (defined('TEST_BLOCKED_PATH') && str_contains($_SERVER['REQUEST_URI'], TEST_BLOCKED_PATH)) {
    http_response_code(403);
    exit('Forbidden');
}

if (defined('TEST_OBJECT_CACHE')) {
    wp_using_ext_object_cache(true);
}

/** What another part asks, such as that of WooCommerce. */
add_filter('userref_health_checks', static fn (array $checks): array => !defined('TEST_MORE_CHECKS') ? $checks : [
    ...$checks,
    'no check at all',
    new class implements UserrefLogin\Health\Check {
        public function name(): string
        {
            return 'more';
        }

        public function label(): string
        {
            return 'More';
        }

        public function isSlow(): bool
        {
            return false;
        }

        public function run(): UserrefLogin\Health\Result
        {
            return UserrefLogin\Health\Result::recommended('Of <b>another</b> part', 'See & do');
        }
    },
]);
