<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Contract\ErrorCode;
use Userref\Contract\EventType;
use Userref\Exception\ConsentRequired;
use Userref\Exception\UserrefException;
use Userref\FinishedLogin;
use Userref\Session\ArraySessionStorage;
use Userref\Session\SessionStorage;
use Userref\Testing\FakeUserref;
use Userref\Web\Answer;
use Userref\Web\Hooks;
use Userref\Web\IncomingRequest;
use Userref\Web\Site;
use Userref\Webhook\WebhookEvent;

/** The addresses that Userref owns on a site. */
final class SiteTest extends TestCase
{
    private const HTML = ['accept' => 'text/html', 'sec-fetch-mode' => 'navigate'];

    private FakeUserref $fake;
    private ArraySessionStorage $storage;

    protected function setUp(): void
    {
        $this->fake = new FakeUserref(['contact:email' => 'amber@example.org']);
        $this->storage = new ArraySessionStorage();
    }

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

    public function testAPageForSomebodySignedInAsksNoBridge(): void
    {
        $this->signIn('/');
        $before = count($this->fake->bridge->calls);
        $site = $this->site('/account');
        self::assertNull($site->handle());
        self::assertNotNull($site->user());
        self::assertTrue($site->userref->isLive($site->requireUser()));
        self::assertCount($before, $this->fake->bridge->calls);
    }

    public function testARevocationSignsOutAtTheNextRequest(): void
    {
        $this->signIn('/');
        [$body, $headers] = $this->fake->webhook(EventType::AccessRevoked, ['reason' => 'disconnected_by_person']);
        self::assertSame(204, $this->site('/userref/webhook', method: 'POST', headers: $headers, body: $body)->handle()?->status);
        self::assertNull($this->site('/')->user());
        self::assertNull($this->storage->read());
    }

    public function testAForgedWebhookIsAnsweredWith401AndSignsNobodyOut(): void
    {
        $this->signIn('/');
        [$body, $headers] = $this->fake->webhook(EventType::AccessRevoked, ['reason' => 'signed_out']);
        $headers['webhook-signature'] = 'v1,' . base64_encode(random_bytes(32));
        $answer = $this->site('/userref/webhook', method: 'POST', headers: $headers, body: $body)->handle();
        self::assertSame(401, $answer?->status);
        self::assertSame('webhook_signature_invalid', json_decode($answer->body, true)['code']);
        self::assertNotNull($this->site('/')->user());
    }

    public function testAWebhookOfMoreThan64KilobytesIsNotLookedAt(): void
    {
        $answer = $this->site('/userref/webhook', method: 'POST', body: str_repeat('x', 65537))->handle();
        self::assertSame(413, $answer?->status);
    }

    public function testThePurgeIsConfirmedInTheAnswerAndTheHookIsToldOnce(): void
    {
        $told = [];
        $hooks = new Hooks(
            onEvent: static function (WebhookEvent $event) use (&$told): void {
                $told[] = $event->type;
            },
            onPurge: static fn (WebhookEvent $event): bool => $event->attributes() === ['contact:email'],
        );
        $data = ['consent_id' => 'con_x', 'attributes' => ['contact:email'], 'purpose' => 'news'];
        [$body, $headers] = $this->fake->webhook(EventType::ConsentWithdrawn, $data);
        foreach ([1, 2] as $delivery) {
            $answer = $this->site('/userref/webhook', method: 'POST', headers: $headers, body: $body, hooks: $hooks)->handle();
            self::assertSame('{"status":"purged"}', $answer?->body);
        }
        self::assertSame([EventType::ConsentWithdrawn], $told);
    }

    public function testSigningOutNeedsAFormOfThisSite(): void
    {
        $this->signIn('/');
        foreach ([[], ['origin' => 'https://evil.example'], ['sec-fetch-site' => 'same-site', 'origin' => 'https://shop.example']] as $headers) {
            self::assertSame(403, $this->site('/userref/logout', method: 'POST', headers: $headers)->handle()?->status);
            self::assertNotNull($this->site('/')->user());
        }
        $answer = $this->site('/userref/logout', method: 'POST', headers: ['origin' => 'https://shop.example'] + self::HTML)->handle();
        self::assertSame('https://id.example.eu/session/end', $answer?->headers['Location']);
        self::assertNull($this->site('/')->user());
    }

    public function testSigningOutWorksHereWhileTheBridgeIsAway(): void
    {
        $this->signIn('/');
        $session = $this->site('/')->requireUser();
        $this->fake->bridge->isAway = true;
        $answer = $this->site('/userref/logout', method: 'POST', headers: ['sec-fetch-site' => 'same-origin'] + self::HTML)->handle();
        self::assertSame('https://shop.example/', $answer?->headers['Location']);
        self::assertFalse($this->fake->userref->isLive($session));
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

    public function testTheVisitorIsAskedOnceForAPurposeAndARefusalIsRemembered(): void
    {
        $this->signIn('/');
        $question = $this->site('/checkout')->requireConsent(['address:shipping'], 'order_delivery', ['contact:email']);
        self::assertSame(303, $question?->status);
        $this->comeBack($question, FakeUserref::cookieHeader($question->cookies));
        $this->expectException(ConsentRequired::class);
        $this->site('/checkout')->requireConsent(['address:shipping'], 'order_delivery', ['contact:email']);
    }

    public function testWhatIsSharedIsNotAskedFor(): void
    {
        $this->signIn('/');
        self::assertNull($this->site('/checkout')->requireConsent(['contact:email'], 'order_delivery'));
    }

    public function testAConsentThatTurnsOutToBeWithdrawnIsTakenOffTheSession(): void
    {
        $this->signIn('/');
        $this->fake->bridge->shared = [];
        try {
            $this->site('/')->attributes(['contact:email'], 'news');
            self::fail('It was shared.');
        } catch (ConsentRequired $error) {
            self::assertSame([['contact:email'], 'news'], [$error->attributes, $error->purpose]);
        }
        self::assertSame([], $this->site('/')->requireUser()->consents);
    }

    public function testAStoreThatIsAwayIsAnErrorAndNeverSignedIn(): void
    {
        $store = new class implements \Userref\Revocation\RevocationStore {
            public function revokeSession(string $sid, int $until, ?int $issuedUntil = null): void
            {
            }
            public function revokeUser(string $userRef, int $revokedAt, int $until): void
            {
            }
            public function isRevoked(string $sid, string $userRef, int $issuedAt): bool
            {
                throw new \RuntimeException('away');
            }
            public function rememberWebhook(string $id, int $until): bool
            {
                throw new \RuntimeException('away');
            }
        };
        $this->fake = new FakeUserref(config: ['revocations' => $store]);
        $this->storage->write($this->fake->signIn()->toStorage());
        [$body, $headers] = $this->fake->webhook(EventType::EndpointTest);
        self::assertSame(503, $this->site('/userref/webhook', method: 'POST', headers: $headers, body: $body)->handle()?->status);
        $this->expectException(UserrefException::class);
        $this->expectExceptionMessage('service_unavailable');
        $this->site('/')->user();
    }

    /** @dataProvider strangeStorage */
    #[DataProvider('strangeStorage')]
    public function testWhatIsNoSessionInTheStorageMeansSignedOut(mixed $stored): void
    {
        $storage = new class ($stored) implements SessionStorage {
            public function __construct(private readonly mixed $stored)
            {
            }
            public function read(): mixed
            {
                return $this->stored;
            }
            public function write(array $session): void
            {
            }
            public function clear(): void
            {
            }
        };
        $site = new Site($this->fake->userref, $storage, new IncomingRequest('GET', '/', '', []));
        self::assertNull($site->user());
    }

    /** @return list<array{mixed}> */
    public static function strangeStorage(): array
    {
        return [[null], ['text'], [[]], [['v' => 2]], [['v' => 1, 'user_ref' => 'amber']]];
    }

    /** @dataProvider hostileTexts */
    #[DataProvider('hostileTexts')]
    public function testTextFromElsewhereIsInertOnPages(string $text): void
    {
        $errors = [
            new ConsentRequired(["contact:email{$text}"], "news{$text}"),
            new UserrefException(ErrorCode::LoginDenied, $text, requestId: $text),
        ];
        foreach ($errors as $error) {
            $page = $this->site("/{$text}", headers: self::HTML)->answerError($error);
            self::assertFalse(str_contains($page->body, $text), 'The text came through as it is.');
        }
        self::assertSame(1, preg_match('/<style>([^<]+)<\/style>/', $page->body, $found));
        $hash = base64_encode(hash('sha256', $found[1], true));
        self::assertSame(
            "default-src 'none'; style-src 'sha256-{$hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            $page->headers['Content-Security-Policy'],
        );
    }

    /** @return list<array{string}> */
    public static function hostileTexts(): array
    {
        return [['<script>alert(1)</script>'], ['"><img src=x onerror=alert(1)>'], ["'; drop table orders; --"]];
    }

    public function testNothingOfARequestDecidesWhereTheSiteIs(): void
    {
        $forged = ['host' => 'evil.example', 'x-forwarded-host' => 'evil.example', 'x-forwarded-proto' => 'http'];
        $answer = $this->get('/userref/login', headers: $forged);
        self::assertStringNotContainsString('evil', $answer->headers['Location'] . json_encode($answer->cookies));
        $logout = $this->site('/userref/logout', method: 'POST', headers: $forged + ['origin' => 'https://evil.example']);
        self::assertSame(403, $logout->handle()?->status);
    }

    private function signIn(string $returnTo): Answer
    {
        $login = $this->get('/userref/login', 'return_to=' . rawurlencode($returnTo));

        return $this->comeBack($login, FakeUserref::cookieHeader($login->cookies));
    }

    private function comeBack(Answer $login, string $cookieHeader): Answer
    {
        $query = $this->fake->answerTo($login->headers['Location']);

        return $this->get('/userref/callback', $query, ['cookie' => $cookieHeader]);
    }

    /** @param array<string, string> $headers */
    private function get(string $path, string $query = '', array $headers = []): Answer
    {
        $answer = $this->site($path, $query, headers: $headers)->handle();
        self::assertNotNull($answer);

        return $answer;
    }

    /** @param array<string, string> $headers */
    private function site(
        string $path,
        string $query = '',
        string $method = 'GET',
        array $headers = [],
        string $body = '',
        ?Hooks $hooks = null,
    ): Site {
        $request = new IncomingRequest($method, $path, $query, $headers, $body);

        return new Site($this->fake->userref, $this->storage, $request, $hooks);
    }
}
