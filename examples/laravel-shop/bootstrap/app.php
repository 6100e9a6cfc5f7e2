<?php

declare(strict_types=1);

use App\Http\Kernel;
use Illuminate\Contracts\Console\Kernel as ConsoleKernelContract;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Http\Kernel as KernelContract;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Console\Kernel as ConsoleKernel;
use Illuminate\Foundation\Exceptions\Handler;

// Laravel 8.83 is older than this PHP and would say so at every turn.
error_reporting(E_ALL & ~E_DEPRECATED);

$composer = __DIR__ . '/../vendor/autoload.php';
require is_file($composer) ? $composer : __DIR__ . '/autoload.php';

$app = new Application(dirname(__DIR__));
$storage = getenv('SHOP_STORAGE') ?: dirname(__DIR__) . '/storage';
foreach (['framework/sessions', 'framework/views', 'framework/cache', 'logs'] as $folder) {
    is_dir("{$storage}/{$folder}") || mkdir("{$storage}/{$folder}", 0700, true);
}
$app->useStoragePath($storage);
// Nothing is written into the folder of the sources.
$_ENV += [
    'APP_SERVICES_CACHE' => "{$storage}/framework/cache/services.php",
    'APP_PACKAGES_CACHE' => "{$storage}/framework/cache/packages.php",
];
$app->singleton(KernelContract::class, Kernel::class);
$app->singleton(ConsoleKernelContract::class, ConsoleKernel::class);
$app->singleton(ExceptionHandler::class, Handler::class);

return $app;
