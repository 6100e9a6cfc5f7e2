<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Web\Cookie;

final class CookieTest extends TestCase
{
    public function testOnlyCookiesOfOursGoToTheBridge(): void
    {
        $header = 'PHPSESSID=abc; __Host-userref-login-AbCdEfGhIjKlMn_-=1.kid.x; tracking=1; userref_shop.a-hops=1.2; '
            . '__Host-userref-login-short=x; userref_shop.a-login-AbCdEfGhIjKlMnOp=v; __Host-userrefx-hops=1';
        self::assertSame(
            ['__Host-userref-login-AbCdEfGhIjKlMn_-', 'userref_shop.a-hops', 'userref_shop.a-login-AbCdEfGhIjKlMnOp'],
            array_keys(Cookie::ours($header)),
        );
    }

    /** @dataProvider hostile */
    #[DataProvider('hostile')]
    public function testNothingElseGetsThrough(?string $header): void
    {
        self::assertSame([], Cookie::ours($header));
    }

    /** @return list<array{string|null}> */
    public static function hostile(): array
    {
        return [[null], [''], [';;;'], ['=x'], ['__Host-userref-hops'], ['__Host-userref-hops='],
            ["__Host-userref-hops=a\r\nX: y"], ['__Host-userref-hops="quoted"'], ['__Host-userref=session']];
    }

    public function testTheFirstOfTwoCountsAsBrowsersSendTheMostSpecificFirst(): void
    {
        self::assertSame(['__Host-userref-hops' => '1'], Cookie::ours('__Host-userref-hops=1; __Host-userref-hops=2'));
    }

    public function testACookieIsForThisHostAndNotForScripts(): void
    {
        $cookie = new Cookie('__Host-userref-hops', '1.2', 30, true);
        self::assertSame('__Host-userref-hops=1.2; Path=/; Max-Age=30; HttpOnly; SameSite=Lax; Secure', $cookie->header());
    }
}
