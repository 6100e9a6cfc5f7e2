<?php

/*
 * Plugin Name: Page cache
 * Description: As caching plug-ins do: keeps what visitors who are not signed in get, unless a page says no.
 */

declare(strict_types=1);

if (!defined('TEST_PAGE_CACHE') || $_SERVER['REQUEST_METHOD'] !== 'GET' || str_contains($_SERVER['HTTP_COOKIE'] ?? '', 'logged_in')) {
    return;
}
$kept = TEST_PAGE_CACHE . '/' . hash('sha256', $_SERVER['REQUEST_URI']);
if (is_file($kept)) {
    foreach (json_decode((string) file_get_contents("{$kept}.headers"), true) as $line) {
        header($line, false);
    }
    header('X-Page-Cache: hit');
    http_response_code((int) file_get_contents("{$kept}.status"));
    readfile($kept);
    exit;
}
ob_start(static function (string $page) use ($kept): string {
    if (!defined('DONOTCACHEPAGE')) {
        $lines = preg_grep('/\A(?!set-cookie|x-powered)/i', headers_list());
        file_put_contents("{$kept}.headers", json_encode(array_values($lines)));
        file_put_contents("{$kept}.status", (string) http_response_code());
        file_put_contents($kept, $page);
    }

    return $page;
});
