<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Support\Facades\Artisan;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Blade;
use Illuminate\Support\Facades\Event;
use Illuminate\Support\Facades\Route;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Cache\FileCache;
use Userref\Contract\EventType;
use Userref\Laravel\UserrefEvent;
use Userref\Testing\FakeUserref;

/** With every driver of sessions that needs no other server, and every way to put an application together. */
final class LaravelTest extends TestCase
{
    /** @dataProvider drivers */
    #[DataProvider('drivers')]
    public function testAPersonSignsInAndIsKnownByTheGuard(string $driver, Wiring $wiring): void
    {
        $app = $this->app($driver, wiring: $wiring);
        self::assertSame('nobody', $app->request('GET', '/me')->getContent());
        $back = $app->signIn('/me');
        self::assertSame(303, $back->getStatusCode());
        self::assertSame('/me', $back->headers->get('location'));
        self::assertSame(FakeUserref::USER_REF, $app->request('GET', '/me')->getContent());
    }

    /** @dataProvider drivers */
    #[DataProvider('drivers')]
    public function testARevocationByWebhookSignsOutAtTheNextRequest(string $driver, Wiring $wiring): void
    {
        $app = $this->app($driver, wiring: $wiring);
        $app->signIn();
        [$body, $headers] = $app->fake->webhook(EventType::AccessRevoked, ['reason' => 'disconnected_by_person']);
        self::assertSame(204, $app->request('POST', '/userref/webhook', $headers, $body)->getStatusCode());
        self::assertSame('nobody', $app->request('GET', '/me')->getContent());
    }

    /** @dataProvider drivers */
    #[DataProvider('drivers')]
    public function testSigningInGivesAnotherSessionId(string $driver, Wiring $wiring): void
    {
        $app = $this->app($driver, wiring: $wiring);
        $app->request('GET', '/me');
        $before = $app->request('GET', '/session-id')->getContent();
        $app->signIn();
        self::assertNotSame($before, $app->request('GET', '/session-id')->getContent());
    }

    /** @dataProvider drivers */
    #[DataProvider('drivers')]
    public function testSigningOutEndsTheSession(string $driver, Wiring $wiring): void
    {
        $app = $this->app($driver, wiring: $wiring);
        $app->signIn();
        $out = $app->request('POST', '/userref/logout', ['origin' => 'https://shop.example']);
        self::assertSame('https://id.example.eu/session/end', $out->headers->get('location'));
        self::assertSame('nobody', $app->request('GET', '/me')->getContent());
    }

    /** @return array<string, array{string, Wiring}> */
    public static function drivers(): array
    {
        $cases = [];
        foreach (['file', 'database', 'cookie', 'array'] as $driver) {
            foreach (Wiring::ofThisLaravel() as $wiring) {
                $cases["{$driver}, {$wiring->value}"] = [$driver, $wiring];
            }
        }

        return $cases;
    }

    public function testTheLoginsCookieIsOursAndNotEncryptedTwice(): void
    {
        $app = $this->app('file');
        $login = $app->request('GET', '/userref/login');
        $ours = array_filter($login->headers->getCookies(), static fn ($one) => str_contains($one->getName(), '-login-'));
        self::assertCount(1, $ours);
        $cookie = array_values($ours)[0];
        self::assertStringStartsWith('__Host-userref-login-', $cookie->getName());
        self::assertTrue($cookie->isSecure() && $cookie->isHttpOnly() && $cookie->getSameSite() === 'lax');
        self::assertStringContainsString('no-store', (string) $login->headers->get('cache-control'));
    }

    public function testAForgedWebhookIsRefusedAndEndsNothing(): void
    {
        $app = $this->app('file');
        $app->signIn();
        [$body, $headers] = $app->fake->webhook(EventType::AccessRevoked, ['reason' => 'signed_out']);
        self::assertSame(401, $app->request('POST', '/userref/webhook', $headers, "{$body} ")->getStatusCode());
        self::assertSame(FakeUserref::USER_REF, $app->request('GET', '/me')->getContent());
    }

    public function testAnEventIsTheApplicationsToo(): void
    {
        $app = $this->app('file');
        $types = [];
        Event::listen(UserrefEvent::class, static function (UserrefEvent $event) use (&$types): void {
            $types[] = $event->event->type;
        });
        [$body, $headers] = $app->fake->webhook(EventType::SubjectErased, ['request_id' => 'r-1']);
        $app->request('POST', '/userref/webhook', $headers, $body);
        self::assertSame([EventType::SubjectErased], $types);
    }

    public function testAPageThatNeedsAUserSendsToSignInAndAProgramIsTold401(): void
    {
        $app = $this->app('file');
        $page = $app->request('GET', '/account?tab=2');
        self::assertSame(302, $page->getStatusCode());
        self::assertSame(
            '/userref/login?return_to=%2Faccount%3Ftab%3D2&started_by=page',
            parse_url((string) $page->headers->get('location'), PHP_URL_PATH) . '?'
            . parse_url((string) $page->headers->get('location'), PHP_URL_QUERY),
        );
        self::assertSame(401, $app->request('GET', '/account', ['accept' => 'application/json'])->getStatusCode());
        self::assertSame([], $app->fake->bridge->calls);
    }

    public function testAPageThatNeedsConsentAsksOnceAndThenSaysWhatIsMissing(): void
    {
        $app = $this->app('file');
        $app->signIn();
        $question = $app->request('GET', '/checkout');
        self::assertStringContainsString('attributes=address%3Ashipping', (string) $question->headers->get('location'));
        $login = $app->request('GET', (string) $question->headers->get('location'));
        $app->request('GET', '/userref/callback?' . $app->fake->answerTo((string) $login->headers->get('location')));
        $refused = $app->request('GET', '/checkout');
        self::assertSame(403, $refused->getStatusCode());
        self::assertStringContainsString('consent_required', (string) $refused->getContent());
    }

    public function testBladeShowsWhatIsForPeopleWhoAreSignedInAndShare(): void
    {
        $app = $this->app('file', ['contact:email' => 'amber@example.org']);
        self::assertSame('guest|no', $app->request('GET', '/blade')->getContent());
        $app->signIn();
        self::assertSame('known|yes', $app->request('GET', '/blade')->getContent());
    }

    public function testTheTokenGuardRefusesWhatIsNoPassport(): void
    {
        $app = $this->app('file');
        foreach (['', 'Bearer x', 'Bearer a.b.c'] as $authorization) {
            self::assertSame('nobody', $app->request('GET', '/api/me', ['authorization' => $authorization])->getContent());
        }
    }

    public function testTheTokenGuardTakesAPassportUntilItsSessionIsRevoked(): void
    {
        $file = __DIR__ . '/../../../docs/contract/vectors/passports/good-es256.json';
        $vector = json_decode((string) file_get_contents($file), true);
        $clock = static fn (): int => $vector['expected']['now'];
        $app = $this->app('file', client: ['clock' => $clock]);
        $keys = json_encode($vector['keys'], JSON_THROW_ON_ERROR);
        $app->fake->userref->config->cache->set('jwks', $keys, 60);
        $headers = ['authorization' => "Bearer {$vector['jwt']}"];
        self::assertSame(FakeUserref::USER_REF, $app->request('GET', '/api/me', $headers)->getContent());
        $sid = $app->fake->userref->verifyPassport($vector['jwt'])->sid;
        $app->fake->deliver(EventType::SessionRevoked, ['sid' => $sid, 'reason' => 'signed_out']);
        self::assertSame('nobody', $app->request('GET', '/api/me', $headers)->getContent());
    }

    public function testTheDoctorSaysWhatIsWrong(): void
    {
        $cache = new FileCache(sys_get_temp_dir() . '/userref-cache-' . bin2hex(random_bytes(6)));
        $app = $this->app('file', client: ['cache' => $cache]);
        self::assertSame(0, Artisan::call('userref:doctor'));
        $app->fake->bridge->isAway = true;
        self::assertSame(1, Artisan::call('userref:doctor'));
        self::assertStringContainsString('bridge_unreachable', Artisan::output());
    }

    public function testWhileTheBridgeIsAwayPeopleStaySignedIn(): void
    {
        $app = $this->app('file');
        $app->signIn();
        $app->fake->bridge->isAway = true;
        self::assertSame(FakeUserref::USER_REF, $app->request('GET', '/me')->getContent());
        $login = $app->request('GET', '/userref/login');
        self::assertSame(503, $login->getStatusCode());
        self::assertStringContainsString('Signing in does not work right now', (string) $login->getContent());
    }

    /**
     * @param array<string, mixed> $shared
     * @param array<string, mixed> $client
     */
    private function app(string $driver, array $shared = [], array $client = [], ?Wiring $wiring = null): TestApp
    {
        $app = new TestApp($driver, $shared, $client, wiring: $wiring);
        Route::middleware('web')->group(static function (): void {
            Route::get('/me', static fn () => Auth::id() ?? 'nobody');
            Route::get('/session-id', static fn () => session()->getId());
            Route::get('/account', static fn () => 'account')->middleware('userref.auth');
            Route::get('/checkout', static fn () => 'checkout')
                ->middleware('userref.consent:order_delivery,address:shipping');
            Route::get('/blade', static fn () => self::render(
                "@userref known @else guest @enduserref | @consented('contact:email') yes @else no @endconsented",
            ));
        });
        Route::get('/api/me', static fn () => Auth::guard('api')->id() ?? 'nobody');

        return $app;
    }

    private static function render(string $template): string
    {
        ob_start();
        eval('?>' . Blade::compileString($template));

        return str_replace(' ', '', (string) ob_get_clean());
    }
}
