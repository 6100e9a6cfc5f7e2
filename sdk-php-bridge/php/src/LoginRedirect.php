<?php

declare(strict_types=1);

namespace Userref;

use Userref\Web\Cookie;

/** Send the browser to `url`, with 303, `Cache-Control: no-store` and the cookies. Never link to it from a page. */
final class LoginRedirect
{
    /** @param list<Cookie> $cookies */
    public function __construct(public readonly string $url, public readonly array $cookies)
    {
    }
}
