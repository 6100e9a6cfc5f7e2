<?php

declare(strict_types=1);

namespace Userref\Laravel\Http;

use Closure;
use Illuminate\Http\Request;
use Symfony\Component\HttpFoundation\Cookie as SymfonyCookie;
use Userref\Web\Cookie;

/** Stands outside of Laravel's cookie encryption: our cookies are sealed already, and read as they come. */
final class AddUserrefCookies
{
    public const ATTRIBUTE = 'userref.cookies';

    public function handle(Request $request, Closure $next): mixed
    {
        $response = $next($request);
        /** @var Cookie $cookie */
        foreach ($request->attributes->get(self::ATTRIBUTE, []) as $cookie) {
            $response->headers->setCookie(SymfonyCookie::fromString($cookie->header()));
        }

        return $response;
    }
}
