<?php

declare(strict_types=1);

namespace App\Http\Middleware;

use Closure;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Auth;
use Symfony\Component\HttpFoundation\Response;

/** Unlike `userref.auth` it does not sign in by itself: who was signed out from elsewhere should see that. */
final class SignInFirst
{
    public function handle(Request $request, Closure $next): Response
    {
        return Auth::guest() ? response()->view('sign-in-first', [], 401) : $next($request);
    }
}
