<?php

declare(strict_types=1);

namespace App\Http\Middleware;

use Closure;
use Illuminate\Http\Request;
use Symfony\Component\HttpFoundation\Response;

/** Pages load nothing from elsewhere and are kept by no cache. */
final class PageHeaders
{
    public function handle(Request $request, Closure $next): Response
    {
        $response = $next($request);
        // Signing out goes on to the core, and browsers hold a form to where it ends up.
        $core = preg_replace('~\A(https?://[^/]+).*~', '$1', (string) config('userref.issuer'));
        $headers = [
            'Content-Security-Policy' => "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; "
                . "connect-src 'self'; form-action 'self' {$core}; base-uri 'none'; frame-ancestors 'none'",
            'Referrer-Policy' => 'same-origin',
            'X-Content-Type-Options' => 'nosniff',
        ];
        // What a page brings itself is stricter: that of an error has its style within.
        foreach ($headers as $name => $value) {
            if (!$response->headers->has($name)) {
                $response->headers->set($name, $value);
            }
        }
        $response->headers->set('Cache-Control', 'no-store');

        return $response;
    }
}
