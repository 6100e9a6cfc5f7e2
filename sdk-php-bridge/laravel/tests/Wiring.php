<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Contracts\Console\Kernel as ConsoleKernel;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Http\Kernel as HttpKernel;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Configuration\Exceptions;
use Illuminate\Foundation\Configuration\Middleware;
use Illuminate\Foundation\Exceptions\Handler;

/** How an application is put together. One that was upgraded keeps its Kernel. */
enum Wiring: string
{
    case Kernel = 'Kernel.php';
    case Configure = 'bootstrap/app.php';

    /** @return non-empty-list<self> the usual one last */
    public static function ofThisLaravel(): array
    {
        return method_exists(Application::class, 'configure') ? self::cases() : [self::Kernel];
    }

    public static function usual(): self
    {
        $all = self::ofThisLaravel();

        return end($all);
    }

    public function application(string $folder): Application
    {
        return $this === self::Kernel ? self::byKernel($folder) : self::byConfigure($folder);
    }

    private static function byKernel(string $folder): Application
    {
        $app = new Application($folder);
        $app->singleton(HttpKernel::class, TestKernel::class);
        $app->singleton(ConsoleKernel::class, \Illuminate\Foundation\Console\Kernel::class);
        $app->singleton(ExceptionHandler::class, Handler::class);

        return $app;
    }

    /** As a new application of Laravel 11 and later has it, with nothing changed. */
    private static function byConfigure(string $folder): Application
    {
        return Application::configure(basePath: $folder)
            ->withRouting(web: __DIR__ . '/no-routes.php')
            ->withMiddleware(static function (Middleware $middleware): void {
            })
            ->withExceptions(static function (Exceptions $exceptions): void {
            })
            ->create();
    }
}
