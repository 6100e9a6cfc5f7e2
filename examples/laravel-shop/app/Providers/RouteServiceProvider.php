<?php

declare(strict_types=1);

namespace App\Providers;

use Illuminate\Foundation\Support\Providers\RouteServiceProvider as Provider;
use Illuminate\Support\Facades\Route;

/** Until Laravel 10. Later ones name the file in bootstrap/app.php. */
final class RouteServiceProvider extends Provider
{
    public function boot(): void
    {
        $this->routes(static fn () => Route::middleware('web')->group(base_path('routes/web.php')));
    }
}
