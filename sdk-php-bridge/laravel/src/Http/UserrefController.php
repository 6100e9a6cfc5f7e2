<?php

declare(strict_types=1);

namespace Userref\Laravel\Http;

use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Userref\Laravel\CurrentSite;

/** Answers Userref's own addresses. */
final class UserrefController
{
    public function __construct(private readonly CurrentSite $site)
    {
    }

    public function __invoke(Request $request): Response
    {
        $answer = $this->site->of($request)->handle() ?? abort(404);
        $request->attributes->set(AddUserrefCookies::ATTRIBUTE, $answer->cookies);

        return new Response($answer->body, $answer->status, $answer->headers);
    }
}
