<?php

declare(strict_types=1);

namespace Userref\Laravel\Http;

use Closure;
use Illuminate\Http\RedirectResponse;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Userref\Exception\ConsentRequired;
use Userref\Laravel\CurrentSite;

/** `userref.consent:order_delivery,address:shipping`: asks once for what is needed for a purpose. */
final class RequireConsent
{
    public function __construct(private readonly CurrentSite $site)
    {
    }

    public function handle(Request $request, Closure $next, string $purpose, string ...$names): mixed
    {
        $site = $this->site->of($request);
        $user = $site->user();
        $missing = array_values(array_diff($names, $user->consents ?? []));
        if ($user !== null && $missing === []) {
            return $next($request);
        }
        if (!isset($user?->askedPurposes[$purpose]) && $request->isMethod('GET')) {
            $path = $site->loginPath($request->getRequestUri(), array_values($names), $purpose);

            return new RedirectResponse($path . '&started_by=page');
        }
        $answer = $site->answerError(new ConsentRequired($missing, $purpose));

        return new Response($answer->body, $answer->status, $answer->headers);
    }
}
