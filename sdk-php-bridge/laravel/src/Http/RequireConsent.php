<?php

declare(strict_types=1);

namespace Userref\Laravel\Http;

use Closure;
use Illuminate\Contracts\Auth\Middleware\AuthenticatesRequests;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Userref\Exception\ConsentRequired;
use Userref\Exception\UserrefThrowable;
use Userref\Laravel\CurrentSite;

/**
 * `userref.consent:order_delivery,address:shipping,contact:email?` asks once for what is needed for a purpose, and for
 * what has a question mark along with it.
 */
final class RequireConsent implements AuthenticatesRequests
{
    public function __construct(private readonly CurrentSite $site)
    {
    }

    public function handle(Request $request, Closure $next, string $purpose, string ...$names): mixed
    {
        $site = $this->site->of($request);
        $needed = array_values(array_filter($names, static fn (string $name): bool => !str_ends_with($name, '?')));
        $optional = array_map(static fn (string $name): string => rtrim($name, '?'), array_diff($names, $needed));
        try {
            $question = $site->question($needed, $purpose, array_values($optional));
            if ($question === null) {
                return $next($request);
            }
            if ($request->isMethod('GET') && !$request->expectsJson()) {
                return Visit::to($site->loginPath($request->getRequestUri(), $question, $purpose), $request);
            }
            $missing = array_diff($needed, $site->requireUser()->consents);
            throw new ConsentRequired(array_values($missing), $purpose);
        } catch (UserrefThrowable $refusal) {
            $answer = $site->answerError($refusal);

            return new Response($answer->body, $answer->status, $answer->headers);
        }
    }
}
