<?php

declare(strict_types=1);

namespace Userref\Laravel\Http;

use Closure;
use Illuminate\Contracts\Auth\Middleware\AuthenticatesRequests;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefException;
use Userref\Laravel\CurrentSite;

/**
 * `userref.auth`: sends visitors to sign in and back; programs get 401. Laravel has it run before models are looked up
 * for the page, as its own `auth`: whether there is such an order is not told to everybody.
 */
final class RequireUser implements AuthenticatesRequests
{
    public function __construct(private readonly CurrentSite $site)
    {
    }

    public function handle(Request $request, Closure $next): mixed
    {
        $site = $this->site->of($request);
        if ($site->user() !== null) {
            return $next($request);
        }
        if ($request->isMethod('GET') && !$request->expectsJson()) {
            return Visit::to($site->loginPath($request->getRequestUri()), $request);
        }
        $answer = $site->answerError(new UserrefException(ErrorCode::NotSignedIn));

        return new Response($answer->body, $answer->status, $answer->headers);
    }
}
