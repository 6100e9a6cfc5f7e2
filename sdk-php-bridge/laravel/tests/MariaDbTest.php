<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Artisan;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Route;
use Illuminate\Support\Facades\Schema;
use PHPUnit\Framework\TestCase;
use Userref\Laravel\DatabaseRevocationStore;
use Userref\Testing\FakeUserref;

/** On MariaDB, which compares text without case, takes no text for a number, and here holds what others left. */
final class MariaDbTest extends TestCase
{
    protected function setUp(): void
    {
        parent::setUp();
        foreach (['sessions', 'userref_revocations', 'migrations'] as $table) {
            self::onMariaDb('array')->app['db']->statement("drop table if exists {$table}");
        }
    }

    public function testIdsOfRevocationsAreComparedByteByByte(): void
    {
        $app = self::onMariaDb('array');
        self::assertSame(0, Artisan::call('migrate', ['--force' => true]));
        $store = $app->app->make(DatabaseRevocationStore::class);
        $store->revokeSession('sid-1', 4102444800);
        $store->revokeSession('sid-1', 4102444900);
        self::assertTrue($store->isRevoked('sid-1', FakeUserref::USER_REF, 300));
        self::assertFalse($store->isRevoked('SID-1', FakeUserref::USER_REF, 300));
        self::assertTrue($store->rememberWebhook('evt_1', 4102444800));
        self::assertFalse($store->rememberWebhook('evt_1', 4102444800));
        self::assertTrue($store->rememberWebhook('EVT_1', 4102444800));
    }

    public function testWithTheTableOfSessionsAsLaravelMakesItNobodyStaysSignedInWhichTheDoctorExplains(): void
    {
        $app = self::onMariaDb('database');
        self::makeSessions(static fn (Blueprint $table) => $table->foreignId('user_id')->nullable()->index());
        Route::get('/me', static fn () => Auth::id() ?? 'nobody')->middleware('web');
        self::assertSame(303, $app->signIn()->getStatusCode());
        self::assertSame('nobody', $app->request('GET', '/me')->getContent());
        self::assertSame(1, Artisan::call('userref:doctor'));
        self::assertStringContainsString('WRONG the column user_id of sessions takes a user_ref', Artisan::output());
        self::assertSame(0, DB::table('sessions')->where('id', 'userref-doctor')->count());
    }

    public function testATableOfSessionsForTextHoldsTheUserRef(): void
    {
        $app = self::onMariaDb('database');
        self::makeSessions(static fn (Blueprint $table) => $table->string('user_id', 31)->nullable()->index());
        Route::get('/me', static fn () => Auth::id() ?? 'nobody')->middleware('web');
        self::assertSame(303, $app->signIn()->getStatusCode());
        self::assertSame(FakeUserref::USER_REF, $app->request('GET', '/me')->getContent());
        self::assertSame([FakeUserref::USER_REF], DB::table('sessions')->whereNotNull('user_id')->pluck('user_id')->all());
        Artisan::call('userref:doctor');
        self::assertStringContainsString('ok    the column user_id of sessions takes a user_ref', Artisan::output());
        self::assertSame(0, DB::table('sessions')->where('id', 'userref-doctor')->count());
    }

    /** As Laravel's own migration, but for whose it is. */
    private static function makeSessions(callable $userId): void
    {
        Schema::create('sessions', static function (Blueprint $table) use ($userId): void {
            $table->string('id')->primary();
            $userId($table);
            $table->string('ip_address', 45)->nullable();
            $table->text('user_agent')->nullable();
            $table->longText('payload');
            $table->integer('last_activity')->index();
        });
    }

    private static function onMariaDb(string $sessions): TestApp
    {
        return new TestApp($sessions, settings: [
            'userref.revocations' => 'database',
            'database.default' => 'mysql',
            'database.connections.mysql' => [
                'driver' => 'mysql', 'url' => getenv('USERREF_TEST_MARIADB'), 'charset' => 'utf8mb4',
                'collation' => 'utf8mb4_unicode_ci', 'prefix' => '', 'strict' => true, 'engine' => null,
            ],
        ]);
    }
}
