<?php

// `php prepare.php FOLDER`: every PHP file below the folder gets the client's new names and is guarded against being
// opened in a browser, in place. What cannot be renamed is an error.

declare(strict_types=1);

use UserrefLogin\Build\AccessGuard;
use UserrefLogin\Build\NamePrefixer;

require __DIR__ . '/AccessGuard.php';
require __DIR__ . '/NamePrefixer.php';

$prefixer = new NamePrefixer();
$guard = new AccessGuard();
$problems = [];
$files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($argv[1], FilesystemIterator::SKIP_DOTS));
foreach ($files as $file) {
    if ($file->getExtension() !== 'php') {
        continue;
    }
    try {
        $code = $guard->guard($prefixer->prefix((string) file_get_contents($file->getPathname())));
    } catch (ParseError | UnexpectedValueException $problem) {
        $problems[] = "{$file}: {$problem->getMessage()}";
        continue;
    }
    foreach ($prefixer->leftovers($code) as $leftover) {
        $problems[] = "{$file}: {$leftover}";
    }
    file_put_contents($file->getPathname(), $code);
}
if ($problems !== []) {
    fwrite(STDERR, implode("\n", $problems) . "\n");
    exit(1);
}
