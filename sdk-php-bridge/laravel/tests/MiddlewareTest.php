<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Auth\Middleware\Authenticate;
use Illuminate\Foundation\Configuration\Middleware;
use Illuminate\Http\Request;
use Illuminate\Session\Middleware\AuthenticateSession;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Route;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Testing\FakeUserref;

/** Beside what Laravel itself has around its routes. */
final class MiddlewareTest extends TestCase
{
    public function testAVisitorIsAskedToSignInBeforeAnythingIsLookedUpForThePage(): void
    {
        $app = new TestApp('file');
        $lookedUp = [];
        Route::bind('order', static function (string $id) use (&$lookedUp): string {
            $lookedUp[] = $id;

            return $id === '1' ? 'an order' : abort(404);
        });
        $guards = ['a' => 'userref.auth', 'b' => 'userref.consent:order_delivery,address:shipping'];
        foreach ($guards as $path => $guard) {
            Route::get("/{$path}/{order}", static fn (string $order) => $order)->middleware(['web', $guard]);
            // Whether there is such an order cannot be told by the answer.
            self::assertSame(302, $app->request('GET', "/{$path}/1")->getStatusCode());
            self::assertSame(302, $app->request('GET', "/{$path}/2")->getStatusCode());
        }
        self::assertSame([], $lookedUp);
        $app->signIn();
        self::assertSame('an order', $app->request('GET', '/a/1')->getContent());
        self::assertSame(404, $app->request('GET', '/a/2')->getStatusCode());
    }

    public function testAProgramIsToldWhatIsMissingAndIsNotSentAnywhere(): void
    {
        $app = new TestApp('file');
        Route::get('/checkout', static fn () => 'checkout')
            ->middleware(['web', 'userref.consent:order_delivery,address:shipping']);
        $program = ['accept' => 'application/json'];
        $answer = static function () use ($app, $program): array {
            $said = $app->request('GET', '/checkout', $program);

            return [$said->getStatusCode(), json_decode((string) $said->getContent(), true)];
        };
        [$status, $problem] = $answer();
        self::assertSame([401, 'not_signed_in'], [$status, $problem['code'] ?? null]);
        $app->signIn();
        [$status, $problem] = $answer();
        self::assertSame([403, 'consent_required', ['address:shipping']], [
            $status, $problem['code'] ?? null, $problem['attributes'] ?? null,
        ]);
    }

    public function testInertiaIsToldToLeaveThePage(): void
    {
        $app = new TestApp('file');
        Route::get('/account', static fn () => 'account')->middleware(['web', 'userref.auth']);
        $inertia = ['X-Inertia' => 'true', 'X-Requested-With' => 'XMLHttpRequest'];
        $answer = $app->request('GET', '/account', $inertia);
        self::assertSame(409, $answer->getStatusCode());
        $way = '/userref/login?return_to=%2Faccount&started_by=page';
        self::assertSame($way, $answer->headers->get('X-Inertia-Location'));
    }

    public function testLaravelsCheckOfPasswordsInSessionsStandsBesideIt(): void
    {
        $app = new TestApp('file');
        Route::get('/me', static fn () => Auth::id() ?? 'nobody')->middleware(['web', AuthenticateSession::class]);
        $app->signIn();
        foreach (range(1, 2) as $turn) {
            self::assertSame(FakeUserref::USER_REF, $app->request('GET', '/me')->getContent());
        }
    }

    public function testLaravelsOwnMiddlewareKnowsWhoIsSignedIn(): void
    {
        $app = new TestApp('file');
        $app->app['router']->aliasMiddleware('auth', Authenticate::class);
        Route::get('/me', static fn () => Auth::id())->middleware(['web', 'auth:userref']);
        Route::get('/api/me', static fn () => Auth::id())->middleware('auth:api');
        $program = ['accept' => 'application/json'];
        self::assertSame(401, $app->request('GET', '/me', $program)->getStatusCode());
        self::assertSame(401, $app->request('GET', '/api/me', $program)->getStatusCode());
        $app->signIn();
        self::assertSame(FakeUserref::USER_REF, $app->request('GET', '/me')->getContent());
    }

    /** @dataProvider wirings */
    #[DataProvider('wirings')]
    public function testLaravelsOwnMiddlewareSendsGuestsToSignInWhenItIsToldWhere(Wiring $wiring): void
    {
        $app = new TestApp('file', wiring: $wiring);
        if ($wiring === Wiring::Configure) {
            (new Middleware())->redirectGuestsTo(static fn (Request $request): string
                => $request->userref()->loginPath($request->getRequestUri()));
        }
        $own = $wiring === Wiring::Configure ? Authenticate::class : GuestsToUserref::class;
        $app->app['router']->aliasMiddleware('auth', $own);
        Route::get('/me', static fn () => Auth::id())->middleware(['web', 'auth']);
        $answer = $app->request('GET', '/me?tab=2');
        self::assertSame(302, $answer->getStatusCode());
        self::assertStringEndsWith('/userref/login?return_to=%2Fme%3Ftab%3D2', (string) $answer->headers->get('location'));
    }

    /** @return array<string, array{Wiring}> */
    public static function wirings(): array
    {
        $all = Wiring::ofThisLaravel();

        return array_combine(array_column($all, 'value'), array_map(static fn (Wiring $one): array => [$one], $all));
    }

    /** @dataProvider wirings */
    #[DataProvider('wirings')]
    public function testSigningOutWorksWithAFormWhoseTokenIsOldAndIsRefusedFromElsewhere(Wiring $wiring): void
    {
        $app = new TestApp('file', wiring: $wiring);
        Route::post('/basket', static fn () => 'added')->middleware('web');
        Route::get('/me', static fn () => Auth::id() ?? 'nobody')->middleware('web');
        $app->signIn();
        self::assertSame(419, $app->request('POST', '/basket')->getStatusCode());
        self::assertSame(403, $app->request('POST', '/userref/logout', ['origin' => 'https://evil.example'])->getStatusCode());
        self::assertSame(FakeUserref::USER_REF, $app->request('GET', '/me')->getContent());
        $here = ['origin' => 'https://shop.example', 'content-type' => 'application/x-www-form-urlencoded'];
        $out = $app->request('POST', '/userref/logout', $here, '_token=of-yesterday');
        self::assertSame(303, $out->getStatusCode());
        self::assertSame('nobody', $app->request('GET', '/me')->getContent());
    }
}
