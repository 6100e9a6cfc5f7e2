<?php

// The shop on Laravel 11 and later; an application of its own has no use for the question at the top.

declare(strict_types=1);

use App\Http\Middleware\PageHeaders;
use App\Http\Middleware\SignInFirst;
use App\Http\Middleware\Staff;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Configuration\Middleware;

if (!method_exists(Application::class, 'configure')) {
    return require __DIR__ . '/app-until-10.php';
}

return Application::configure(basePath: dirname(__DIR__))
    ->withRouting(web: __DIR__ . '/../routes/web.php')
    ->withMiddleware(static function (Middleware $middleware): void {
        $middleware->append(PageHeaders::class);
        $middleware->alias(['sign-in-first' => SignInFirst::class, 'staff' => Staff::class]);
    })
    ->withExceptions()
    ->create();
