<?php

declare(strict_types=1);

namespace Userref\Laravel\Http;

use Illuminate\Http\RedirectResponse;
use Illuminate\Http\Request;
use Illuminate\Http\Response;

/** The way of a visitor to sign in. */
final class Visit
{
    /**
     * A redirect; for Inertia, which follows those in the background and would end at another origin, what makes it
     * load the page anew (https://inertiajs.com/redirects#external-redirects).
     */
    public static function to(string $loginPath, Request $request): Response|RedirectResponse
    {
        $path = $loginPath . '&started_by=page';

        return $request->headers->has('X-Inertia')
            ? new Response('', 409, ['X-Inertia-Location' => $path])
            : new RedirectResponse($path);
    }
}
