<?php

declare(strict_types=1);

// What Apache's rewrite rules do for WordPress (those of a network included), for PHP's own web server.

$root = $_SERVER['DOCUMENT_ROOT'];
$path = rawurldecode((string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));

/** Runs a file of WordPress as the web server would have. */
$run = static function (string $script, string $pathInfo = '') use ($root): void {
    $_SERVER['SCRIPT_NAME'] = $script;
    $_SERVER['SCRIPT_FILENAME'] = $root . $script;
    $_SERVER['PHP_SELF'] = $script . $pathInfo;
    if ($pathInfo !== '') {
        $_SERVER['PATH_INFO'] = $pathInfo;
    } else {
        unset($_SERVER['PATH_INFO']);
    }
    chdir(dirname($root . $script));
};

if (str_contains($path, '/.')) {
    http_response_code(403);
    return true;
}
if ($path !== '/' && is_file($root . $path)) {
    return false;
}
// Sites of a network, in folders: /second/wp-admin/… is /wp-admin/… .
if (preg_match('#^/[_0-9a-zA-Z-]+(/(?:wp-(?:content|admin|includes)(?:/.*)?|[^/]+\.php))$#', $path, $found) === 1) {
    if (is_file($root . $found[1]) && !str_ends_with($found[1], '.php')) {
        header('Location: ' . $found[1], true, 302);
        return true;
    }
    $inner = $found[1];
} else {
    $inner = $path;
}
if (is_dir($root . $inner) && is_file($root . rtrim($inner, '/') . '/index.php')) {
    if (!str_ends_with($path, '/')) {
        header('Location: ' . $path . '/', true, 301);
        return true;
    }
    $inner = rtrim($inner, '/') . '/index.php';
}
if ($inner !== '/index.php' && is_file($root . $inner)) {
    $run($inner);
    require $root . $inner;
    return true;
}
$run('/index.php', preg_match('#^/index\.php(/.+)$#', $path, $found) === 1 ? $found[1] : '');
require $root . '/index.php';
