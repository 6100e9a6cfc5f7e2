<?php

// The shop on Laravel 8.83 to 10: a Kernel has the middleware, and all providers are listed.

declare(strict_types=1);

use App\Http\Kernel;
use App\Providers\RouteServiceProvider;
use Illuminate\Contracts\Console\Kernel as ConsoleKernelContract;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Http\Kernel as KernelContract;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Bootstrap\LoadConfiguration;
use Illuminate\Foundation\Console\Kernel as ConsoleKernel;
use Illuminate\Foundation\Exceptions\Handler;

// Laravel 8.83 is older than the PHP beside it and would say so at every turn.
error_reporting(E_ALL & ~E_DEPRECATED);

$app = new Application(dirname(__DIR__));
$app->useStoragePath($_ENV['LARAVEL_STORAGE_PATH']);
$app->singleton(KernelContract::class, Kernel::class);
$app->singleton(ConsoleKernelContract::class, ConsoleKernel::class);
$app->singleton(ExceptionHandler::class, Handler::class);
// In an application of its own: config/app.php.
$providers = [
    Illuminate\Auth\AuthServiceProvider::class,
    Illuminate\Bus\BusServiceProvider::class,
    Illuminate\Cache\CacheServiceProvider::class,
    Illuminate\Foundation\Providers\ConsoleSupportServiceProvider::class,
    Illuminate\Cookie\CookieServiceProvider::class,
    Illuminate\Database\DatabaseServiceProvider::class,
    Illuminate\Encryption\EncryptionServiceProvider::class,
    Illuminate\Filesystem\FilesystemServiceProvider::class,
    Illuminate\Foundation\Providers\FoundationServiceProvider::class,
    Illuminate\Queue\QueueServiceProvider::class,
    Illuminate\Session\SessionServiceProvider::class,
    Illuminate\Translation\TranslationServiceProvider::class,
    Illuminate\View\ViewServiceProvider::class,
    RouteServiceProvider::class,
    ...require __DIR__ . '/providers.php',
];
$setProviders = static fn (Application $app) => $app['config']->set('app.providers', $providers);
$app->afterBootstrapping(LoadConfiguration::class, $setProviders);

return $app;
