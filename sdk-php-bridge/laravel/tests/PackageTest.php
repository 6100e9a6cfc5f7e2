<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Auth\GenericUser;
use Illuminate\Contracts\Auth\Authenticatable;
use Illuminate\Filesystem\Filesystem;
use Illuminate\Foundation\Console\AboutCommand;
use Illuminate\Foundation\PackageManifest;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Artisan;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Event;
use Illuminate\Support\Facades\Route;
use Illuminate\Support\Facades\View;
use PHPUnit\Framework\TestCase;
use Userref\Contract\EventType;
use Userref\Laravel\Console\About;
use Userref\Laravel\DatabaseRevocationStore;
use Userref\Laravel\UserrefPurge;
use Userref\Laravel\UserrefServiceProvider;
use Userref\Laravel\UserResolver;
use Userref\Revocation\RevocationStore;
use Userref\Session;
use Userref\Testing\FakeUserref;
use Userref\Userref;

/** What the package adds to an application besides signing in. */
final class PackageTest extends TestCase
{
    private const OTHER = 'ppid_zzzzzzzzzzzzzzzzzzzzzzzzzz';

    public function testLaravelFindsTheProviderInComposersList(): void
    {
        $folder = sys_get_temp_dir() . '/userref-discovery-' . bin2hex(random_bytes(6));
        mkdir("{$folder}/vendor/composer", 0700, true);
        $package = json_decode((string) file_get_contents(__DIR__ . '/../composer.json'), true);
        file_put_contents("{$folder}/vendor/composer/installed.json", json_encode(['packages' => [$package]]));
        file_put_contents("{$folder}/composer.json", '{}');
        $manifest = new PackageManifest(new Filesystem(), $folder, "{$folder}/packages.php");
        self::assertSame([UserrefServiceProvider::class], array_values($manifest->providers()));
    }

    public function testTheGuardGivesTheApplicationsOwnUserWhereItHasOne(): void
    {
        $app = new TestApp('file');
        $app->app->bind(UserResolver::class, static fn () => new class implements UserResolver {
            public function resolve(Session $session): ?Authenticatable
            {
                $isMember = $session->userRef === FakeUserref::USER_REF;

                return $isMember ? new GenericUser(['id' => 7, 'user_ref' => $session->userRef]) : null;
            }
        });
        Route::get('/me', static fn () => Auth::check() ? Auth::user()->user_ref . ' ' . Auth::id() : 'nobody')
            ->middleware('web');
        self::assertSame('nobody', $app->request('GET', '/me')->getContent());
        $app->signIn();
        self::assertSame(FakeUserref::USER_REF . ' 7', $app->request('GET', '/me')->getContent());
    }

    public function testWhatIsOptionalIsAskedForAndNotInsistedOn(): void
    {
        $app = new TestApp('file', ['address:shipping' => ['country' => 'EE']]);
        Route::get('/checkout', static fn () => 'checkout')
            ->middleware(['web', 'userref.consent:order_delivery,address:shipping,contact:email?']);
        $question = $app->request('GET', '/checkout')->headers->get('location');
        parse_str((string) parse_url((string) $question, PHP_URL_QUERY), $asked);
        self::assertSame('address:shipping,contact:email', $asked['attributes']);
        $login = $app->request('GET', (string) $question)->headers->get('location');
        $app->request('GET', '/userref/callback?' . $app->fake->answerTo((string) $login));
        self::assertSame('checkout', $app->request('GET', '/checkout')->getContent());
    }

    public function testWhatNoWebhookToldIsTakenInByTheScheduler(): void
    {
        $app = new TestApp('file');
        Route::get('/me', static fn () => Auth::id() ?? 'nobody')->middleware('web');
        $app->signIn();
        $data = ['consent_id' => 'con_' . str_repeat('a', 26), 'attributes' => ['contact:email'], 'purpose' => 'news'];
        [$body, $headers] = $app->fake->webhook(EventType::ConsentWithdrawn, $data);
        $app->fake->bridge->events = [['id' => $headers['webhook-id']] + json_decode($body, true)];
        $purged = [];
        Event::listen(UserrefPurge::class, static function (UserrefPurge $purge) use (&$purged): bool {
            $purged[] = $purge->event->id;

            return true;
        });
        self::assertSame(0, Artisan::call('userref:catch-up'));
        self::assertSame('1 new', trim(Artisan::output()));
        self::assertSame([$headers['webhook-id']], $purged);
        self::assertContains('POST /v1/webhook/confirm-purge', $app->fake->bridge->calls);
        self::assertSame('nobody', $app->request('GET', '/me')->getContent());
        Artisan::call('userref:catch-up');
        self::assertSame('0 new', trim(Artisan::output()));
        $app->fake->bridge->isAway = true;
        self::assertSame(1, Artisan::call('userref:catch-up'));
    }

    public function testRevocationsInTheDatabaseAreByteByByteAndTheLaterTimeWins(): void
    {
        $app = self::onDatabase();
        $store = $app->app->make(DatabaseRevocationStore::class);
        $store->revokeSession('sid-1', 4102444800);
        $store->revokeUser(FakeUserref::USER_REF, 200, 4102444800);
        $store->revokeUser(FakeUserref::USER_REF, 100, 4102444800);
        $isRevoked = static fn (string $sid, string $user, int $at) => $store->isRevoked($sid, $user, $at);
        self::assertTrue($isRevoked('sid-1', self::OTHER, 300));
        self::assertFalse($isRevoked('SID-1', self::OTHER, 300));
        self::assertTrue($isRevoked('sid-2', FakeUserref::USER_REF, 200));
        self::assertFalse($isRevoked('sid-2', FakeUserref::USER_REF, 201));
        self::assertFalse($isRevoked('sid-2', self::OTHER, 100));
        self::assertTrue($store->rememberWebhook('evt_1', 4102444800));
        self::assertFalse($store->rememberWebhook('evt_1', 4102444800));
    }

    public function testARevocationIsSeenThoughTheReplicaHasNotHeardOfIt(): void
    {
        $app = self::onDatabase();
        $store = $app->app->make(DatabaseRevocationStore::class);
        $store->revokeSession('sid-1', 4102444800);
        // A replica that is behind: it has the table and none of its rows.
        $replica = new \PDO('sqlite::memory:');
        $replica->exec('create table userref_revocations (entry text, revoked_at integer, keep_until integer)');
        $app->app['db']->connection()->setReadPdo($replica);
        self::assertTrue($store->isRevoked('sid-1', self::OTHER, 0));
    }

    public function testTheStoreIsTheOneThatTheSettingsName(): void
    {
        $app = new TestApp('file', settings: ['userref.revocations' => 'database']);
        $app->app->forgetInstance(RevocationStore::class);
        self::assertInstanceOf(DatabaseRevocationStore::class, $app->app->make(RevocationStore::class));
    }

    public function testALinkToSignInGoesToThisSiteInTheLanguageOfThePage(): void
    {
        $app = new TestApp('file');
        $folder = $app->app['config']['view.paths'][0];
        file_put_contents("{$folder}/page.blade.php", '<x-userref-login class="button"/>');
        file_put_contents("{$folder}/words.blade.php", '<x-userref-login return-to="/basket">Come in</x-userref-login>');
        Route::get('/shelf', static fn () => View::make('page'));
        Route::get('/words', static fn () => View::make('words'));
        $app->app->setLocale('de');
        $link = (string) $app->request('GET', '/shelf?page=2')->getContent();
        self::assertStringContainsString('href="/userref/login?return_to=%2Fshelf%3Fpage%3D2"', $link);
        self::assertStringContainsString('class="button"', $link);
        self::assertStringContainsString('>Anmelden</a>', $link);
        $words = (string) $app->request('GET', '/words')->getContent();
        self::assertStringContainsString('return_to=%2Fbasket"', $words);
        self::assertStringContainsString('>Come in</a>', $words);
        self::assertSame([], $app->fake->bridge->calls);
    }

    public function testItsAddressesHaveNames(): void
    {
        (new TestApp('file'))->request('GET', '/');
        $names = ['login', 'callback', 'logout', 'webhook'];
        $addresses = array_map(static fn (string $name) => route("userref.{$name}", [], false), $names);
        self::assertSame(['/userref/login', '/userref/callback', '/userref/logout', '/userref/webhook'], $addresses);
    }

    public function testAnErrorThatNobodyCatchesIsAPageForPeopleAndADocumentForPrograms(): void
    {
        $app = new TestApp('file');
        Route::get('/mine', static fn (Request $request) => $request->userref()->attributes(['contact:email'], 'news'))
            ->middleware('web');
        $app->signIn();
        $page = $app->request('GET', '/mine');
        self::assertSame(403, $page->getStatusCode());
        self::assertStringContainsString('Choose what to share', (string) $page->getContent());
        $document = $app->request('GET', '/mine', ['accept' => 'application/json']);
        self::assertSame('consent_required', json_decode((string) $document->getContent(), true)['code']);
    }

    public function testTheDoctorNamesSettingsThatAreMissing(): void
    {
        $app = new TestApp('file');
        $app->app->forgetInstance(Userref::class);
        self::assertSame(1, Artisan::call('userref:doctor'));
        self::assertStringContainsString('bridge_secret must be', Artisan::output());
    }

    public function testSettingsAreToldWithoutSecrets(): void
    {
        $secret = 'secret-of-the-bridge-in-no-message-0123456789ab';
        $app = new TestApp('file', settings: ['userref.site' => 'shop-a', 'userref.bridge_secret' => $secret]);
        $told = $app->app->make(About::class)();
        self::assertSame(['shop-a', 'set', 'not set'], [$told['Site'], $told['Bridge secret'], $told['Webhooks']]);
        self::assertNotContains($secret, $told);
        if (class_exists(AboutCommand::class)) {
            Artisan::call('about', ['--json' => true]);
            $said = json_decode(Artisan::output(), true);
            self::assertSame('shop-a', $said['userref']['site']);
        }
    }

    public function testSettingsViewsAndWordsAreCopiedToWhereLaravelLooksForThem(): void
    {
        $app = new TestApp('file');
        $copies = UserrefServiceProvider::pathsToPublish(UserrefServiceProvider::class);
        self::assertSame([true, true, true], array_map(file_exists(...), array_keys($copies)));
        [$settings, $views, $words] = array_values($copies);
        self::assertSame($app->app->configPath('userref.php'), $settings);
        $files = ["{$views}/login.blade.php" => 'our own {{ $slot }}', "{$words}/en/messages.php" => "<?php return ['sign_in' => 'Hello'];"];
        foreach ($files as $file => $text) {
            mkdir(dirname($file), 0700, true);
            file_put_contents($file, $text);
        }
        file_put_contents("{$app->app['config']['view.paths'][0]}/page.blade.php", '<x-userref-login>link</x-userref-login>');
        Route::get('/page', static fn () => View::make('page')->render() . __('userref::messages.sign_in'));
        self::assertSame('our own linkHello', $app->request('GET', '/page')->getContent());
    }

    public function testItsAddressesMayLieElsewhere(): void
    {
        $paths = ['login' => '/people/in', 'callback' => '/people/back', 'logout' => '/people/out'];
        $app = new TestApp('file', client: ['paths' => $paths], settings: ['userref.paths' => $paths]);
        self::assertSame(303, $app->request('GET', '/people/in')->getStatusCode());
        self::assertSame(404, $app->request('GET', '/userref/login')->getStatusCode());
    }

    private static function onDatabase(): TestApp
    {
        $app = new TestApp('file', settings: ['userref.revocations' => 'database']);
        self::assertSame(0, Artisan::call('migrate', ['--force' => true]));

        return $app;
    }
}
