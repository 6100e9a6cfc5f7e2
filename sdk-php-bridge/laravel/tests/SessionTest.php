<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Http\Request;
use Illuminate\Session\CacheBasedSessionHandler;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Cache;
use Illuminate\Support\Facades\Route;
use Illuminate\Support\Facades\Session;
use PHPUnit\Framework\TestCase;
use Userref\Laravel\LaravelSessionStorage;
use Userref\Testing\FakeUserref;

/** What stands in Laravel's sessions, and how long. */
final class SessionTest extends TestCase
{
    public function testTheTokenOfFormsIsAnotherOneForWhoSignsInOrOut(): void
    {
        $app = new TestApp('file');
        Route::get('/token', static fn () => csrf_token())->middleware('web');
        $token = static fn (): string => (string) $app->request('GET', '/token')->getContent();
        $before = $token();
        self::assertSame($before, $token());
        $app->signIn();
        $known = $token();
        self::assertNotSame($before, $known);
        self::assertSame($known, $token());
        $app->request('POST', '/userref/logout', ['origin' => 'https://shop.example']);
        self::assertNotContains($token(), [$before, $known]);
    }

    public function testWhatIsWrittenOfTheSameSessionLeavesItsIdAndFormsAsTheyAre(): void
    {
        $app = new TestApp('file');
        Route::get('/ids', static fn () => session()->getId() . ' ' . csrf_token())->middleware('web');
        Route::get('/again', static function (Request $request): void {
            $storage = new LaravelSessionStorage($request);
            $storage->write($storage->read());
        })->middleware('web');
        $app->signIn();
        $known = $app->request('GET', '/ids')->getContent();
        self::assertSame(200, $app->request('GET', '/again')->getStatusCode());
        self::assertSame($known, $app->request('GET', '/ids')->getContent());
    }

    /** As new applications of Laravel 13 have it. */
    public function testASessionMayBeStoredAsJson(): void
    {
        $app = new TestApp('file', settings: ['session.serialization' => 'json']);
        Route::get('/me', static fn () => Auth::id() ?? 'nobody')->middleware('web');
        $app->signIn();
        self::assertSame(FakeUserref::USER_REF, $app->request('GET', '/me')->getContent());
    }

    public function testASessionMayLieInTheCacheThoughThatMayHoldNoObjects(): void
    {
        $app = new TestApp('cached', settings: [
            'cache.default' => 'file',
            'cache.serializable_classes' => false,
            'cache.stores.file' => ['driver' => 'file', 'path' => null],
        ]);
        $app->app['config']->set('cache.stores.file.path', $app->app->storagePath() . '/framework/cache');
        Session::extend('cached', static fn () => new CacheBasedSessionHandler(Cache::store('file'), 120));
        Route::get('/me', static fn () => Auth::id() ?? 'nobody')->middleware('web');
        $app->signIn();
        self::assertSame(FakeUserref::USER_REF, $app->request('GET', '/me')->getContent());
        Cache::store('file')->flush();
        self::assertSame('nobody', $app->request('GET', '/me')->getContent());
    }
}
