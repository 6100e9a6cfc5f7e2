<?php

// Has this PHP compile every file of Laravel's package. What they stand on is made up, as there is no Laravel here.

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    [$kind, $name] = match (true) {
        str_starts_with($class, 'Userref\\') => ['', ''],
        str_ends_with($class, 'Helpers') => ['trait', $class],
        str_contains($class, '\\Contracts\\') || str_ends_with($class, 'Interface') => ['interface', $class],
        default => ['class', $class],
    };
    if ($kind !== '') {
        $place = strrpos($name, '\\');
        $space = $place === false ? '' : 'namespace ' . substr($name, 0, $place) . ';';
        eval("{$space} {$kind} " . substr($name, $place === false ? 0 : $place + 1) . ' {}');
    }
});
spl_autoload_register(static function (string $class): void {
    $file = '/client/sdk-php-bridge/laravel/src/' . strtr(substr($class, strlen('Userref\\Laravel\\')), '\\', '/') . '.php';
    if (str_starts_with($class, 'Userref\\Laravel\\') && is_file($file)) {
        require_once $file;
    }
});

if (!function_exists('env')) {
    function env(string $name, mixed $default = null): mixed
    {
        return $default;
    }
}

$files = 0;
foreach (['src', 'config', 'database', 'resources/lang'] as $folder) {
    $found = new RecursiveIteratorIterator(new RecursiveDirectoryIterator("/client/sdk-php-bridge/laravel/{$folder}"));
    foreach ($found as $file) {
        if ($file->getExtension() === 'php') {
            require_once $file->getPathname();
            $files++;
        }
    }
}

return $files;
