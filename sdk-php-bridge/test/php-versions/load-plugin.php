<?php

// Loads every file of the built plug-in and links every class, and prints what PHP says, as JSON. Warnings count.

declare(strict_types=1);

error_reporting(E_ALL);
set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
    throw new ErrorException($message, 0, $level, $file, $line);
});

// WordPress and WooCommerce are not here: their classes are empty ones.
spl_autoload_register(static function (string $class): void {
    if (preg_match('/\AW[PC]_\w+\z/', $class) === 1) {
        eval("class {$class} {}");
    }
});

const ABSPATH = '/';
const PLUGIN = '/plugin/userref-login';
$count = 0;
$problems = [];
$attempt = static function (string $what, callable $work) use (&$count, &$problems): void {
    $count++;
    try {
        $work();
    } catch (Throwable $error) {
        $problems[] = "{$what}: {$error->getMessage()}";
    }
};

require PLUGIN . '/src/autoload.php';
foreach (['src' => 'UserrefLogin\\', 'lib/src' => 'UserrefLogin\\Client\\'] as $folder => $namespace) {
    $entries = new RecursiveDirectoryIterator(PLUGIN . "/{$folder}", FilesystemIterator::SKIP_DOTS);
    $files = new RecursiveIteratorIterator($entries);
    foreach ($files as $file) {
        $path = substr($file->getPathname(), strlen(PLUGIN . "/{$folder}/"), -4);
        $class = $namespace . strtr($path, '/', '\\');
        $isClass = ctype_upper(basename($path)[0]);
        $load = static fn () => require_once $file->getPathname();
        $attempt($class, $isClass ? static fn () => new ReflectionClass($class) : $load);
    }
}
foreach (['userref-login.php', 'uninstall.php'] as $name) {
    $attempt($name, static function () use ($name): void {
        $code = (string) file_get_contents(PLUGIN . "/{$name}");
        $start = 'declare(strict_types=1);';
        file_put_contents('/compiled.php', str_replace($start, "{$start}\nreturn;", $code));
        require '/compiled.php';
    });
}
echo json_encode(['version' => PHP_VERSION, 'count' => $count, 'problems' => $problems], JSON_THROW_ON_ERROR);
