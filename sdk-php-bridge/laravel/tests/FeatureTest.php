<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Auth\Middleware\Authenticate;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Testing\TestCase;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Route;
use Userref\Contract\EventType;
use Userref\Laravel\Facades\Userref;
use Userref\Laravel\UserrefUser;
use Userref\Testing\FakeUserref;

/** An application's own tests, as its developers write them on Laravel's test case. */
final class FeatureTest extends TestCase
{
    public function createApplication(): Application
    {
        $app = (new TestApp('array'))->app;
        $app->instance('request', Request::create('https://shop.example'));
        Route::get('/account', static fn () => 'Account of ' . Auth::id())->middleware(['web', 'userref.auth']);
        Route::get('/checkout', static fn () => request()->userref()->attributes(['contact:email'], 'news')->get('contact:email'))
            ->middleware(['web', 'userref.consent:news,contact:email']);

        return $app;
    }

    public function testAPersonIsSignedInByWhatTheSessionHolds(): void
    {
        $fake = Userref::fake(['contact:email' => 'amber@example.org']);
        $this->get('/account')->assertRedirect('/userref/login?return_to=%2Faccount&started_by=page');
        $this->withSession(['userref' => $fake->signIn()->toStorage()]);
        $this->get('/account')->assertOk()->assertSee(FakeUserref::USER_REF);
        $this->get('/checkout')->assertOk()->assertSee('amber@example.org');
        $this->assertAuthenticated();
    }

    public function testActingAsIsForProgramsAndSaysWhatToDoInstead(): void
    {
        Route::get('/api/me', static fn () => Auth::id())->middleware('auth:api');
        app('router')->aliasMiddleware('auth', Authenticate::class);
        $user = new UserrefUser(FakeUserref::USER_REF, ['contact:email']);
        $this->actingAs($user, 'api')->getJson('/api/me')->assertOk()->assertSee(FakeUserref::USER_REF);
        Auth::forgetGuards();
        $this->getJson('/api/me')->assertStatus(401);
        $this->expectExceptionMessage('$this->withSession([');
        $this->actingAs($user, 'userref');
    }

    public function testAWithdrawalIsTriedWithoutACore(): void
    {
        $fake = Userref::fake();
        $this->withSession(['userref' => $fake->signIn()->toStorage()]);
        $this->getJson('/account')->assertOk();
        $fake->deliver(EventType::AccessRevoked, ['reason' => 'disconnected_by_person']);
        $this->getJson('/account')->assertStatus(401)->assertJson(['code' => 'not_signed_in']);
        $this->assertGuest();
    }
}
