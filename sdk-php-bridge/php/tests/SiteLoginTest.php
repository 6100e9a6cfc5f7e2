<?php

declare(strict_types=1);

namespace Userref\Tests;

use Userref\FinishedLogin;
use Userref\Testing\FakeUserref;
use Userref\Tests\Support\SiteTestCase;
use Userref\Web\Answer;
use Userref\Web\Hooks;

/** How visitors sign in by the addresses that Userref owns on a site. */
final class SiteLoginTest extends SiteTestCase
{
    public function testEveryVisitToTheStartAddressBeginsAnotherLoginThatNoCacheKeeps(): void
    {
        $one = $this->get('/userref/login');
        $other = $this->get('/userref/login');
        self::assertSame([303, 303], [$one->status, $other->status]);
        self::assertNotSame($one->headers['Location'], $other->headers['Location']);
        self::assertSame('no-store', $one->headers['Cache-Control']);
    }

    public function testTheLinkOnAPageIsAnAddressOfTheSiteWithoutAnythingOfALogin(): void
    {
        $path = $this->site('/')->loginPath('/basket?step=2', ['contact:email'], 'news');
        self::assertSame('/userref/login?attributes=contact%3Aemail&purpose=news&return_to=%2Fbasket%3Fstep%3D2', $path);
        self::assertSame([], $this->fake->bridge->calls);
    }

    public function testALoginThatCameBackSignsInAndGoesOnWhereItBegan(): void
    {
        $answer = $this->signIn('/basket');
        self::assertSame('/basket', $answer->headers['Location']);
        self::assertSame(FakeUserref::USER_REF, $this->site('/')->user()?->userRef);
    }

    public function testALoginForSomethingElseIsAnsweredByTheSiteAndSignsNobodyIn(): void
    {
        $login = $this->get('/userref/login', 'return_to=/connect');
        $query = $this->fake->answerTo($login->headers['Location']);
        $hooks = new Hooks(onLogin: static fn (FinishedLogin $login): Answer => Answer::redirect("{$login->returnTo}/done"));
        $headers = ['cookie' => FakeUserref::cookieHeader($login->cookies)];
        $answer = $this->site('/userref/callback', $query, headers: $headers, hooks: $hooks)->handle();
        self::assertSame('/connect/done', $answer?->headers['Location']);
        self::assertNotSame([], $answer->cookies);
        self::assertNull($this->site('/')->user());
    }

    public function testTwoTabsDoNotGetInEachOthersWay(): void
    {
        $one = $this->get('/userref/login', 'return_to=/one');
        $other = $this->get('/userref/login', 'return_to=/other');
        $cookies = FakeUserref::cookieHeader([...$one->cookies, ...$other->cookies]);
        self::assertSame('/one', $this->comeBack($one, $cookies)->headers['Location']);
        self::assertSame('/other', $this->comeBack($other, $cookies)->headers['Location']);
    }

    public function testACallbackWithoutItsCookieIsRefusedEachInItsOwnWords(): void
    {
        $login = $this->get('/userref/login');
        $stranger = $this->get('/userref/login');
        $missing = $this->comeBack($login, '');
        self::assertSame(400, $missing->status);
        self::assertStringContainsString('login_state_missing', $missing->body);
        $mismatch = $this->comeBack($login, FakeUserref::cookieHeader($stranger->cookies));
        self::assertStringContainsString('login_state_mismatch', $mismatch->body);
        self::assertNull($this->site('/')->user());
    }

    public function testACallbackThatIsReplayedShowsAPersonWhoIsSignedInNoError(): void
    {
        $this->signIn('/basket');
        $replayed = $this->get('/userref/callback', 'code=fake-code&state=fake-state-1&iss=https://id.example.eu');
        self::assertSame([303, '/'], [$replayed->status, $replayed->headers['Location']]);
    }

    public function testACallbackByPostIsRefused(): void
    {
        $answer = $this->site('/userref/callback', method: 'POST')->handle();
        self::assertSame([405, 'GET'], [$answer?->status, $answer?->headers['Allow']]);
    }

    public function testWhileTheBridgeIsAwayVisitorsStaySignedInAndALoginSaysSoClearly(): void
    {
        $this->signIn('/');
        $this->fake->bridge->isAway = true;
        self::assertNotNull($this->site('/')->user());
        $page = $this->get('/userref/login', headers: self::HTML);
        self::assertSame(503, $page->status);
        self::assertStringContainsString('Signing in does not work right now', $page->body);
        self::assertSame('5', $page->headers['Retry-After']);
        self::assertNotNull($this->site('/')->user());
    }

    public function testABrowserThatLooksAheadSignsNobodyInOrOut(): void
    {
        $answer = $this->get('/userref/login', headers: ['sec-purpose' => 'prefetch;prerender']);
        self::assertSame(503, $answer->status);
        self::assertSame([], $this->fake->bridge->calls);
    }

    public function testAPageThatABrowserLooksAtAheadBeginsNoLoginAndAsksForNothing(): void
    {
        $this->signIn('/');
        $before = $this->fake->bridge->calls;
        $ahead = $this->site('/checkout', headers: ['sec-purpose' => 'prefetch']);
        self::assertSame(503, $ahead->login()->status);
        self::assertSame(503, $ahead->requireConsent(['address:shipping'], 'order_delivery')?->status);
        self::assertSame($before, $this->fake->bridge->calls);
    }

    public function testALoginOfAnotherIssuerIsNotBegun(): void
    {
        $answer = $this->get('/userref/login', 'iss=https://evil.example');
        self::assertSame('issuer_mismatch', json_decode($answer->body, true)['code']);
        self::assertSame([], $this->fake->bridge->calls);
    }

    public function testNothingOfARequestDecidesWhereTheSiteIs(): void
    {
        $forged = ['host' => 'evil.example', 'x-forwarded-host' => 'evil.example', 'x-forwarded-proto' => 'http'];
        $answer = $this->get('/userref/login', headers: $forged);
        self::assertStringNotContainsString('evil', $answer->headers['Location'] . json_encode($answer->cookies));
        $logout = $this->site('/userref/logout', method: 'POST', headers: $forged + ['origin' => 'https://evil.example']);
        self::assertSame(403, $logout->handle()?->status);
    }
}
