<?php

declare(strict_types=1);

namespace Userref\Laravel\View;

use Illuminate\Contracts\View\View;
use Illuminate\Http\Request;
use Illuminate\View\Component;
use Userref\Laravel\CurrentSite;

/**
 * `<x-userref-login return-to="/basket" class="button">Sign in</x-userref-login>`: a link to an address of this site,
 * never to the core: the page may be cached, the login that it starts may not.
 */
final class LoginLink extends Component
{
    public readonly string $href;

    public function __construct(CurrentSite $site, Request $request, ?string $returnTo = null)
    {
        $this->href = $site->of($request)->loginPath($returnTo ?? $request->getRequestUri());
    }

    public function render(): View
    {
        return view('userref::login');
    }
}
