<?php

declare(strict_types=1);

namespace Userref\Laravel;

use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Events\Dispatcher;
use Illuminate\Contracts\Foundation\Application;
use Illuminate\Foundation\Console\AboutCommand;
use Illuminate\Foundation\Http\Middleware\PreventRequestForgery;
use Illuminate\Foundation\Http\Middleware\VerifyCsrfToken;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Illuminate\Routing\Router;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Blade;
use Illuminate\Support\ServiceProvider;
use Userref\Cache\ApcuCache;
use Userref\Cache\Cache;
use Userref\Cache\FileCache;
use Userref\Cache\MemoryCache;
use Userref\Exception\ConfigException;
use Userref\Exception\UserrefThrowable;
use Userref\Laravel\Http\AddUserrefCookies;
use Userref\Laravel\Http\RequireConsent;
use Userref\Laravel\Http\RequireUser;
use Userref\Laravel\Http\UserrefController;
use Userref\Paths;
use Userref\Revocation\FileRevocationStore;
use Userref\Revocation\RevocationStore;
use Userref\Session;
use Userref\Userref;
use Userref\Web\Hooks;

/** Guards `userref` and `userref-token`, routes, middleware, Blade directives and artisan commands. */
final class UserrefServiceProvider extends ServiceProvider
{
    /** Settings of the package alone; the others are the client's. */
    private const OWN = ['routes' => 0, 'revocations' => 0, 'transport' => 0];
    /** Laravel's check of forms: the first since 13, the second until 12. */
    private const FORGERY_CHECKS = [PreventRequestForgery::class, VerifyCsrfToken::class];

    public function register(): void
    {
        $this->mergeConfigFrom(__DIR__ . '/../config/userref.php', 'userref');
        $this->app->singletonIf(RevocationStore::class, static fn ($app) => self::store($app));
        $this->app->singleton(Userref::class, static fn ($app) => self::userref($app));
        $this->app->bindIf(Hooks::class, static fn ($app) => self::hooks($app['events']));
        $this->app->bindIf(UserResolver::class, UserrefUserResolver::class);
        $this->app->bind(CurrentSite::class);
    }

    public function boot(Router $router): void
    {
        $router->aliasMiddleware('userref.auth', RequireUser::class);
        $router->aliasMiddleware('userref.consent', RequireConsent::class);
        Auth::extend('userref', static fn ($app) => new UserrefGuard($app));
        Auth::extend('userref-token', static fn ($app) => new PassportGuard($app));
        // `$request->userref()` is the Site of that request.
        Request::macro('userref', fn () => app(CurrentSite::class)->of($this));
        $this->callAfterResolving(ExceptionHandler::class, self::answerErrors(...));
        $this->addViews();
        if ($this->app['config']['userref.routes'] && !$this->app->routesAreCached()) {
            $this->addRoutes($router);
        }
        if ($this->app['config']['userref.revocations'] === 'database') {
            $this->loadMigrationsFrom(__DIR__ . '/../database/migrations');
        }
        if ($this->app->runningInConsole()) {
            $this->commands([Console\Doctor::class, Console\CatchUp::class]);
            $this->publishAll();
            if (class_exists(AboutCommand::class)) {
                AboutCommand::add('Userref', fn (): array => $this->app->make(Console\About::class)());
            }
        }
    }

    private function addViews(): void
    {
        $this->loadViewsFrom(__DIR__ . '/../resources/views', 'userref');
        $this->loadTranslationsFrom(__DIR__ . '/../resources/lang', 'userref');
        Blade::component(View\LoginLink::class, 'userref-login');
        Blade::if('userref', static fn (): bool => self::session() !== null);
        Blade::if('consented', static fn (string $name): bool
            => in_array($name, self::session()->consents ?? [], true));
    }

    private function addRoutes(Router $router): void
    {
        $ignored = [];
        // What is wrong with them is said with everything else as soon as the client is made.
        $paths = Paths::fromArray((array) $this->app['config']['userref.paths'], $ignored);
        $pages = [AddUserrefCookies::class, 'web'];
        $router->get($this->below($paths->login), UserrefController::class)->middleware($pages)->name('userref.login');
        $router->get($this->below($paths->callback), UserrefController::class)
            ->middleware($pages)->name('userref.callback');
        // Userref itself checks where a form came from, so that a stale token signs nobody out of signing out.
        $router->post($this->below($paths->logout), UserrefController::class)->middleware($pages)
            ->withoutMiddleware(self::FORGERY_CHECKS)->name('userref.logout');
        $router->post($this->below($paths->webhook), UserrefController::class)->name('userref.webhook');
        // So that route() knows them where the application has no RouteServiceProvider, which does the same.
        $this->app->booted(static fn () => $router->getRoutes()->refreshNameLookups());
    }

    /** Browsers see the folder that the application lies in, its routes do not. */
    private function below(string $path): string
    {
        $folder = rtrim((string) parse_url((string) $this->app['config']['app.url'], PHP_URL_PATH), '/');

        return str_starts_with($path, "{$folder}/") ? substr($path, strlen($folder)) : $path;
    }

    private function publishAll(): void
    {
        $config = $this->app->configPath('userref.php');
        $this->publishes([__DIR__ . '/../config/userref.php' => $config], 'userref-config');
        $views = $this->app->resourcePath('views/vendor/userref');
        $this->publishes([__DIR__ . '/../resources/views' => $views], 'userref-views');
        $words = $this->app->langPath() . '/vendor/userref';
        $this->publishes([__DIR__ . '/../resources/lang' => $words], 'userref-lang');
    }

    /** What nobody catches becomes a page for people or a problem document for programs; the client has logged it. */
    private static function answerErrors(ExceptionHandler $handler): void
    {
        if (!method_exists($handler, 'renderable')) {
            return;
        }
        $handler->renderable(static function (UserrefThrowable $error, Request $request): Response {
            $answer = app(CurrentSite::class)->of($request)->answerError($error);

            return new Response($answer->body, $answer->status, $answer->headers);
        });
    }

    private static function session(): ?Session
    {
        return app(CurrentSite::class)->of(request())->user();
    }

    private static function userref(Application $app): Userref
    {
        $config = $app['config']['userref'];
        $parts = [
            'revocations' => $app->make(RevocationStore::class),
            'cache' => self::cache($app->storagePath() . '/userref/cache'),
            'logger' => $app['log'],
        ];
        if ($config['transport'] === 'http') {
            $parts['transport'] = new HttpClientTransport((string) $config['bridge']);
        }

        return Userref::fromConfig(array_filter(array_diff_key($config, self::OWN)) + $parts);
    }

    private static function store(Application $app): RevocationStore
    {
        return $app['config']['userref.revocations'] === 'database'
            ? new DatabaseRevocationStore($app['db'])
            : new FileRevocationStore($app->storagePath() . '/userref/revocations');
    }

    /** Without one the keys are asked for at each request; the doctor says so. */
    private static function cache(string $folder): Cache
    {
        try {
            return ApcuCache::isAvailable()
                ? new ApcuCache((string) config('userref.issuer'), (string) config('userref.site'))
                : new FileCache($folder);
        } catch (ConfigException) {
            return new MemoryCache();
        }
    }

    private static function hooks(Dispatcher $events): Hooks
    {
        return new Hooks(
            onEvent: static fn ($event) => $events->dispatch(new UserrefEvent($event)),
            onPurge: static fn ($event): bool => (new Purge($events))->isDone(new UserrefPurge($event)),
        );
    }
}
