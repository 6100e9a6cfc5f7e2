<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Foundation\Application;
use Illuminate\Foundation\Exceptions\Renderer;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Artisan;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Event;
use Illuminate\Support\Facades\Log;
use Illuminate\Support\Facades\Queue;
use Illuminate\Support\Facades\Route;
use Illuminate\Support\Facades\View;
use PHPUnit\Framework\TestCase;
use Symfony\Component\ErrorHandler\Exception\FlattenException;
use Symfony\Component\VarDumper\Cloner\VarCloner;
use Symfony\Component\VarDumper\Dumper\CliDumper;
use Symfony\Component\VarDumper\Dumper\HtmlDumper;
use Userref\Attributes;
use Userref\Cache\MemoryCache;
use Userref\Contract\EventType;
use Userref\Laravel\UserrefEvent;
use Userref\Revocation\MemoryRevocationStore;
use Userref\Testing\FakeUserref;
use Userref\Userref;

/** What Laravel writes and shows of an application by itself: dumps, logs, queues, the page about an error. */
final class DisclosureTest extends TestCase
{
    private const CANARY = 'amber.canary@example.org';
    private const BRIDGE_SECRET = 'secret-of-the-bridge-in-no-message-0123456789ab';
    private const WEBHOOK_SECRET = 'd2ViaG9vay1zZWNyZXQtaW4tbm8tZHVtcC0wMTIzNDU2';
    private const SECRETS = [self::CANARY, self::BRIDGE_SECRET, self::WEBHOOK_SECRET, 'fake-handle'];

    public function testADumpHasNamesAndNoValues(): void
    {
        $app = new TestApp('file', ['contact:email' => self::CANARY]);
        $kept = self::valuesOf($app);
        foreach ([new CliDumper(), new HtmlDumper()] as $dumper) {
            $shown = (string) $dumper->dump((new VarCloner())->cloneVar($kept), true);
            self::assertStringContainsString('contact:email', $shown);
            self::assertNoSecret($shown);
        }
    }

    public function testALineOfTheLogHasNoValues(): void
    {
        $app = new TestApp('file', ['contact:email' => self::CANARY]);
        Log::error('Something is wrong.', self::valuesOf($app) + ['exception' => self::errorAbout(self::valuesOf($app))]);
        $log = (string) file_get_contents($app->app->storagePath() . '/laravel.log');
        self::assertStringContainsString('Something is wrong.', $log);
        self::assertNoSecret($log);
    }

    public function testThePageAboutAnErrorShowsDevelopersNoValues(): void
    {
        $app = new TestApp('file', ['contact:email' => self::CANARY], settings: ['app.debug' => true]);
        $error = null;
        Route::get('/wrong', static function (Request $request) use (&$error): void {
            $shared = $request->userref()->attributes(['contact:email'], 'news');
            throw $error = self::errorAbout([$shared, $request->userref()->user(), Auth::user()]);
        })->middleware('web');
        $app->signIn();
        $page = $app->request('GET', '/wrong');
        self::assertSame(500, $page->getStatusCode());
        self::assertStringContainsString('object(Attributes), object(Session), object(UserrefUser)', (string) $page->getContent());
        self::assertNoSecret((string) $page->getContent());
        if (class_exists(Renderer\Exception::class)) {
            $markdown = self::markdownOf($error, $app);
            self::assertStringContainsString('**cookie**', $markdown);
            self::assertNoSecret($markdown);
        }
    }

    /** What the page of Laravel 11 and later has to be copied; Debian leaves that page out. */
    private static function markdownOf(\Throwable $error, TestApp $app): string
    {
        $folder = dirname((string) (new \ReflectionClass(Application::class))->getFileName());
        View::addNamespace('laravel-exceptions-renderer', "{$folder}/resources/exceptions/renderer");
        $seen = new Renderer\Exception(
            FlattenException::createFromThrowable($error),
            $app->app->make('request'),
            $app->app->make(Renderer\Listener::class),
            $app->app->basePath(),
        );

        return View::make('laravel-exceptions-renderer::markdown', ['exception' => $seen])->render();
    }

    public function testAQueueTakesNoValues(): void
    {
        $app = self::withQueue();
        foreach (self::valuesOf($app) as $value) {
            try {
                Queue::push(new KeptData($value));
            } catch (\Throwable) {
                // As it should be.
            }
            self::assertSame(0, DB::table('jobs')->count());
        }
    }

    public function testAnEventGoesThroughAQueueWithTheUserRefAlone(): void
    {
        $app = self::withQueue();
        Event::listen(UserrefEvent::class, KeptData::class);
        [$body, $headers] = $app->fake->webhook(EventType::AccessRevoked, ['reason' => 'disconnected_by_person']);
        self::assertSame(204, $app->request('POST', '/userref/webhook', $headers, $body)->getStatusCode());
        $payload = (string) DB::table('jobs')->value('payload');
        self::assertStringContainsString(FakeUserref::USER_REF, $payload);
        self::assertNoSecret($payload);
        KeptData::$handled = [];
        Artisan::call('queue:work', ['--once' => true]);
        self::assertSame([FakeUserref::USER_REF], KeptData::$handled);
    }

    private static function withQueue(): TestApp
    {
        $app = new TestApp('file', ['contact:email' => self::CANARY], settings: ['queue' => [
            'default' => 'database',
            'connections' => ['database' => ['driver' => 'database', 'table' => 'jobs', 'queue' => 'default', 'retry_after' => 90]],
            'failed' => ['driver' => 'null'],
        ]]);
        $app->app['db']->statement('create table jobs (id integer primary key autoincrement, queue varchar(255),
            payload text, attempts integer, reserved_at integer, available_at integer, created_at integer)');

        return $app;
    }

    /** @return array<string, object> */
    private static function valuesOf(TestApp $app): array
    {
        $session = $app->fake->signIn();

        return [
            'shared' => new Attributes(['contact:email' => self::CANARY]),
            'session' => $session,
            'client' => Userref::fromConfig([
                'bridge_secret' => self::BRIDGE_SECRET,
                'webhook_secret' => 'whsec_' . self::WEBHOOK_SECRET,
                'issuer' => 'https://id.example.eu',
                'site' => 'shop-a',
                'base_url' => 'https://shop.example',
                'revocations' => new MemoryRevocationStore(),
                'cache' => new MemoryCache(),
            ]),
        ];
    }

    /** @param array<mixed> $values which PHP keeps in the trace */
    private static function errorAbout(array $values): \RuntimeException
    {
        ini_set('zend.exception_ignore_args', '0');

        return new \RuntimeException('Wrong with what is kept.');
    }

    private static function assertNoSecret(string $shown): void
    {
        foreach (self::SECRETS as $secret) {
            self::assertFalse(str_contains($shown, $secret), "{$secret} shows up.");
        }
    }
}
