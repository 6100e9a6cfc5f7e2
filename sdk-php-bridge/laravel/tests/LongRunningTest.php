<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Container\Container;
use Illuminate\Contracts\Http\Kernel;
use Illuminate\Foundation\Application;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Blade;
use Illuminate\Support\Facades\Facade;
use Illuminate\Support\Facades\Route;
use PHPUnit\Framework\TestCase;
use Symfony\Component\HttpFoundation\Response;
use Userref\Testing\FakeUserref;

/** A process that serves one request after the other, as with Octane: nothing of one is there in the next. */
final class LongRunningTest extends TestCase
{
    private const PASSPORT = __DIR__ . '/../../../docs/contract/vectors/passports/good-es256.json';
    private const OTHER = 'ppid_zzzzzzzzzzzzzzzzzzzzzzzzzz';

    public function testOneProcessServesManyVisitorsAndMixesUpNobody(): void
    {
        // As Octane does: one application, one request after the other; Laravel's own session is all that it empties.
        $app = new TestApp('file');
        Route::get('/me', static fn () => Auth::id() ?? 'nobody')->middleware('web');
        $app->signIn();
        $known = $app->cookies;
        foreach (range(1, 3) as $turn) {
            $app->cookies = [];
            self::assertSame('nobody', $app->request('GET', '/me')->getContent());
            $app->cookies = $known;
            self::assertSame(FakeUserref::USER_REF, $app->request('GET', '/me')->getContent());
        }
        $app->fake->revoke();
        self::assertSame('nobody', $app->request('GET', '/me')->getContent());
    }

    /** Whoever of us held a copy of before would hold an empty one. */
    public function testEachRequestMayBeServedByACopyOfTheApplicationThatIsEmptiedAfterwards(): void
    {
        $app = new TestApp('file', ['contact:email' => 'amber@example.org']);
        Route::get('/me', static fn (Request $request) => [
            Auth::id(),
            $request->userref()->user()?->userRef,
            trim(Blade::render('@userref known @else guest @enduserref')),
        ])->middleware('web');
        Route::get('/account', static fn () => 'account')->middleware(['web', 'userref.auth']);
        Route::get('/wrong', static fn (Request $request) => $request->userref()->attributes(['contact:phone'], 'news'))
            ->middleware('web');
        self::served($app, static fn () => $app->signIn());
        $known = $app->cookies;
        $get = static fn (string $path): Response => self::served($app, static fn () => $app->request('GET', $path));
        foreach (range(1, 3) as $turn) {
            $app->cookies = [];
            self::assertSame('[null,null,"guest"]', $get('/me')->getContent());
            self::assertSame(302, $get('/account')->getStatusCode());
            $app->cookies = $known;
            $ref = FakeUserref::USER_REF;
            self::assertSame("[\"{$ref}\",\"{$ref}\",\"known\"]", $get('/me')->getContent());
            self::assertSame('account', $get('/account')->getContent());
            self::assertSame(403, $get('/wrong')->getStatusCode());
        }
    }

    public function testTwoPeopleInOneProcessAreToldApart(): void
    {
        $app = new TestApp('file');
        Route::get('/me', static fn () => Auth::id() ?? 'nobody')->middleware('web');
        Route::get('/become-another', static function (Request $request): string {
            $other = ['user_ref' => self::OTHER, 'sid' => 'sid-of-another'];
            $request->session()->put('userref', $other + $request->session()->get('userref'));

            return 'done';
        })->middleware('web');
        $visitors = [];
        foreach (['/me', '/become-another'] as $path) {
            $app->cookies = [];
            $app->signIn();
            $app->request('GET', $path);
            $visitors[] = $app->cookies;
        }
        $seen = [];
        foreach ([0, 1, 0] as $visitor) {
            $app->cookies = $visitors[$visitor];
            $seen[] = $app->request('GET', '/me')->getContent();
        }
        self::assertSame([FakeUserref::USER_REF, self::OTHER, FakeUserref::USER_REF], $seen);
    }

    public function testPassportsOfTwoCallersInOneProcessAreToldApart(): void
    {
        $vector = json_decode((string) file_get_contents(self::PASSPORT), true);
        $clock = static fn (): int => $vector['expected']['now'];
        $app = new TestApp('file', client: ['clock' => $clock]);
        $keys = json_encode($vector['keys'], JSON_THROW_ON_ERROR);
        $app->fake->userref->config->cache->set('jwks', $keys, 60);
        Route::get('/api/me', static fn () => Auth::guard('api')->id() ?? 'nobody');
        $with = ['authorization' => "Bearer {$vector['jwt']}"];
        self::assertSame(FakeUserref::USER_REF, $app->request('GET', '/api/me', $with)->getContent());
        self::assertSame('nobody', $app->request('GET', '/api/me')->getContent());
    }

    /** What Octane does around a request, as far as it touches us. */
    private static function served(TestApp $app, callable $visit): Response
    {
        $base = $app->app;
        $copy = clone $base;
        self::makeCurrent($copy);
        $copy->forgetInstance('auth.driver');
        $copy->make('auth')->setApplication($copy)->forgetGuards();
        $copy->make('session')->setContainer($copy);
        $copy->make('router')->setContainer($copy);
        $copy->make('view')->setContainer($copy);
        $copy->make(Kernel::class)->setApplication($copy);
        $app->app = $copy;
        try {
            return $visit();
        } finally {
            array_map(static fn ($route) => $route->flushController(), $copy->make('router')->getRoutes()->getRoutes());
            $copy->flush();
            $app->app = $base;
            self::makeCurrent($base);
        }
    }

    private static function makeCurrent(Application $app): void
    {
        $app->instance('app', $app);
        $app->instance(Container::class, $app);
        Container::setInstance($app);
        Facade::clearResolvedInstances();
        Facade::setFacadeApplication($app);
    }
}
