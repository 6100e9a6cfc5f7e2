<?php

declare(strict_types=1);

namespace Userref\Laravel;

use Illuminate\Contracts\Auth\Authenticatable;
use Illuminate\Contracts\Foundation\Application;
use Illuminate\Http\Request;
use Illuminate\Routing\Router;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Blade;
use Illuminate\Support\ServiceProvider;
use Userref\Exception\PassportRefused;
use Userref\Laravel\Http\AddUserrefCookies;
use Userref\Laravel\Http\RequireConsent;
use Userref\Laravel\Http\RequireUser;
use Userref\Laravel\Http\UserrefController;
use Userref\Revocation\FileRevocationStore;
use Userref\Revocation\PdoRevocationStore;
use Userref\Revocation\RevocationStore;
use Userref\Session;
use Userref\Userref;
use Userref\Web\Hooks;

/** Guards `userref` and `userref-token`, routes, middleware, Blade directives and artisan commands. */
final class UserrefServiceProvider extends ServiceProvider
{
    public function register(): void
    {
        $this->mergeConfigFrom(__DIR__ . '/../config/userref.php', 'userref');
        $this->app->singleton(RevocationStore::class, static fn ($app) => self::store($app));
        $this->app->singleton(Userref::class, static fn ($app) => Userref::fromConfig(
            array_filter(array_diff_key($app['config']['userref'], ['routes' => 0, 'revocations' => 0]))
            + ['revocations' => $app->make(RevocationStore::class), 'logger' => $app['log']]
        ));
        $this->app->bindIf(Hooks::class, static fn ($app) => new Hooks(
            onEvent: static fn ($event) => $app['events']->dispatch(new UserrefEvent($event)),
        ));
        $this->app->bindIf(UserResolver::class, UserrefUserResolver::class);
        $this->app->bind(CurrentSite::class);
    }

    public function boot(Router $router): void
    {
        $config = $this->app->configPath('userref.php');
        $this->publishes([__DIR__ . '/../config/userref.php' => $config], 'userref-config');
        $router->aliasMiddleware('userref.auth', RequireUser::class);
        $router->aliasMiddleware('userref.consent', RequireConsent::class);
        $this->addGuards();
        $this->addDirectives();
        if ($this->app['config']['userref.routes'] && !$this->app->routesAreCached()) {
            $this->addRoutes($router);
        }
        if ($this->app->runningInConsole()) {
            $this->commands([Console\Doctor::class, Console\CatchUp::class]);
        }
    }

    private function addGuards(): void
    {
        Auth::extend('userref', static fn ($app) => new UserrefGuard($app));
        // For APIs: a passport as bearer token. Needs no session and, with cached keys, no bridge.
        Auth::viaRequest('userref-token', static function (Request $request): ?Authenticatable {
            try {
                $passport = app(Userref::class)->verifyPassport((string) $request->bearerToken());
            } catch (PassportRefused) {
                return null;
            }
            $isRevoked = app(RevocationStore::class)
                ->isRevoked($passport->sid, $passport->userRef, $passport->issuedAt);

            return $isRevoked ? null : new UserrefUser($passport->userRef, $passport->consents);
        });
    }

    private function addDirectives(): void
    {
        Blade::if('userref', static fn (): bool => self::session() !== null);
        Blade::if('consented', static fn (string $name): bool
            => in_array($name, self::session()->consents ?? [], true));
    }

    private function addRoutes(Router $router): void
    {
        $paths = new \Userref\Paths();
        $pages = [AddUserrefCookies::class, 'web'];
        $router->get($paths->login, UserrefController::class)->middleware($pages)->name('userref.login');
        $router->get($paths->callback, UserrefController::class)->middleware($pages)->name('userref.callback');
        // Userref itself checks where a form came from, so that a stale token signs nobody out of signing out.
        $router->post($paths->logout, UserrefController::class)->middleware($pages)
            ->withoutMiddleware(\Illuminate\Foundation\Http\Middleware\VerifyCsrfToken::class)->name('userref.logout');
        $router->post($paths->webhook, UserrefController::class)->name('userref.webhook');
    }

    private static function session(): ?Session
    {
        return app(CurrentSite::class)->of(request())->user();
    }

    private static function store(Application $app): RevocationStore
    {
        if ($app['config']['userref.revocations'] !== 'database') {
            return new FileRevocationStore($app->storagePath() . '/userref/revocations');
        }
        $store = new PdoRevocationStore($app['db']->connection()->getPdo());
        $store->createTable();

        return $store;
    }
}
