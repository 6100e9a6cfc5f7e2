<?php

declare(strict_types=1);

namespace App\Http\Middleware;

use Closure;
use Illuminate\Http\Request;
use Symfony\Component\HttpFoundation\Response;

/** The packing desk is for people with the staff's password. A real shop has accounts for them. */
final class Staff
{
    public function handle(Request $request, Closure $next): Response
    {
        $password = (string) config('shop.staff_password');
        if ($password === '' || !hash_equals($password, (string) $request->getPassword())) {
            return response('For the staff of this shop.', 401, ['WWW-Authenticate' => 'Basic realm="Packing desk"']);
        }

        return $next($request);
    }
}
