<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Http\Request;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Route;
use PHPUnit\Framework\TestCase;
use Userref\Cache\MemoryCache;
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
        $cache = new MemoryCache();
        $cache->set('jwks', json_encode($vector['keys'], JSON_THROW_ON_ERROR), 60);
        $clock = static fn (): int => $vector['expected']['now'];
        $app = new TestApp('file', client: ['cache' => $cache, 'clock' => $clock]);
        Route::get('/api/me', static fn () => Auth::guard('api')->id() ?? 'nobody');
        $with = ['authorization' => "Bearer {$vector['jwt']}"];
        self::assertSame(FakeUserref::USER_REF, $app->request('GET', '/api/me', $with)->getContent());
        self::assertSame('nobody', $app->request('GET', '/api/me')->getContent());
    }
}
