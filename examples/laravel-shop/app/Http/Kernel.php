<?php

declare(strict_types=1);

namespace App\Http;

use App\Http\Middleware\PageHeaders;
use App\Http\Middleware\SignInFirst;
use App\Http\Middleware\Staff;
use Illuminate\Cookie\Middleware\AddQueuedCookiesToResponse;
use Illuminate\Cookie\Middleware\EncryptCookies;
use Illuminate\Foundation\Http\Kernel as HttpKernel;
use Illuminate\Foundation\Http\Middleware\VerifyCsrfToken;
use Illuminate\Session\Middleware\StartSession;

/** Until Laravel 10. Later ones have it in bootstrap/app.php. */
final class Kernel extends HttpKernel
{
    protected $middleware = [PageHeaders::class];

    protected $middlewareGroups = [
        'web' => [
            EncryptCookies::class,
            AddQueuedCookiesToResponse::class,
            StartSession::class,
            VerifyCsrfToken::class,
        ],
    ];

    protected $routeMiddleware = ['sign-in-first' => SignInFirst::class, 'staff' => Staff::class];
}
