<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Config\Repository;
use Illuminate\Contracts\Http\Kernel as HttpKernel;
use Illuminate\Filesystem\Filesystem;
use Illuminate\Foundation\Application;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Facade;
use Symfony\Component\HttpFoundation\Response;
use Userref\Laravel\Facades\Userref;
use Userref\Testing\FakeUserref;

/** A Laravel application in memory, and a browser that keeps its cookies. */
final class TestApp
{
    /** Of Laravel itself. The package's own is found by Laravel. */
    private const PROVIDERS = [
        \Illuminate\Auth\AuthServiceProvider::class,
        \Illuminate\Bus\BusServiceProvider::class,
        \Illuminate\Cache\CacheServiceProvider::class,
        \Illuminate\Cookie\CookieServiceProvider::class,
        \Illuminate\Database\DatabaseServiceProvider::class,
        \Illuminate\Encryption\EncryptionServiceProvider::class,
        \Illuminate\Filesystem\FilesystemServiceProvider::class,
        \Illuminate\Foundation\Providers\ConsoleSupportServiceProvider::class,
        \Illuminate\Foundation\Providers\FoundationServiceProvider::class,
        \Illuminate\Queue\QueueServiceProvider::class,
        \Illuminate\Session\SessionServiceProvider::class,
        \Illuminate\Translation\TranslationServiceProvider::class,
        \Illuminate\View\ViewServiceProvider::class,
    ];

    public Application $app;
    public readonly FakeUserref $fake;
    /** @var array<string, string> */
    public array $cookies = [];
    /** @var array<string, string> what the web server says of where the application lies */
    public array $server = [];

    /**
     * @param array<string, mixed> $shared values by attribute
     * @param array<string, mixed> $client settings of the client
     * @param array<string, mixed> $settings of the application, by dotted name
     */
    public function __construct(
        string $sessionDriver,
        array $shared = [],
        array $client = [],
        array $settings = [],
        ?Wiring $wiring = null,
    ) {
        $folder = sys_get_temp_dir() . '/userref-laravel-' . bin2hex(random_bytes(6));
        register_shutdown_function(static fn () => (new Filesystem())->deleteDirectory($folder));
        $config = new Repository(self::config($folder, $sessionDriver));
        $config->set($settings);
        self::lay($folder, $config->all());
        Facade::clearResolvedInstances();
        $this->app = ($wiring ?? Wiring::usual())->application($folder);
        $level = error_reporting();
        $this->kernel()->bootstrap();
        // PHPUnit listens to errors itself.
        restore_error_handler();
        restore_exception_handler();
        error_reporting($level);
        if ($sessionDriver === 'database' && $this->app['config']['database.default'] === 'sqlite') {
            $this->app['db']->statement('create table sessions (id varchar(255) primary key, user_id bigint,
                ip_address varchar(45), user_agent text, payload text, last_activity integer)');
        }
        $this->fake = Userref::fake($shared, $client);
    }

    /** @param array<string, string> $headers */
    public function request(string $method, string $target, array $headers = [], string $body = ''): Response
    {
        $server = $this->server + ['HTTP_ACCEPT' => 'text/html'];
        $request = Request::create($target, $method, server: $server, content: $body);
        $pairs = array_map(static fn ($name, $value) => "{$name}={$value}", array_keys($this->cookies), $this->cookies);
        $request->headers->add($headers + ['cookie' => implode('; ', $pairs)]);
        $request->cookies->add(array_map('rawurldecode', $this->cookies));
        // As in another process: what is known of the visitor is what was stored.
        $this->app['session']->driver()->flush();
        $response = $this->kernel()->handle($request);
        $this->kernel()->terminate($request, $response);
        foreach ($response->headers->getCookies() as $cookie) {
            $this->cookies[$cookie->getName()] = rawurlencode((string) $cookie->getValue());
            if ($cookie->isCleared()) {
                unset($this->cookies[$cookie->getName()]);
            }
        }

        return $response;
    }

    public function signIn(string $returnTo = '/'): Response
    {
        $login = $this->request('GET', '/userref/login?return_to=' . rawurlencode($returnTo));

        return $this->request('GET', '/userref/callback?' . $this->fake->answerTo($login->headers->get('location')));
    }

    private function kernel(): HttpKernel
    {
        return $this->app->make(HttpKernel::class);
    }

    /**
     * The files of an application, with the package as Composer would have installed it.
     *
     * @param array<string, array<string, mixed>> $config
     */
    private static function lay(string $folder, array $config): void
    {
        $folders = ['storage/framework/sessions', 'storage/framework/views', 'storage/framework/cache', 'storage/logs'];
        $folders = [...$folders, 'bootstrap/cache', 'resources/views', 'config', 'vendor/composer'];
        foreach ($folders as $one) {
            mkdir("{$folder}/{$one}", 0700, true);
        }
        foreach ($config as $name => $values) {
            file_put_contents("{$folder}/config/{$name}.php", '<?php return ' . var_export($values, true) . ';');
        }
        $package = json_decode((string) file_get_contents(__DIR__ . '/../composer.json'), true);
        file_put_contents("{$folder}/composer.json", '{}');
        file_put_contents("{$folder}/vendor/composer/installed.json", json_encode(['packages' => [$package]]));
    }

    /** @return array<string, array<string, mixed>> */
    private static function config(string $folder, string $driver): array
    {
        return [
            'app' => [
                'name' => 'test', 'env' => 'production', 'debug' => false, 'url' => 'https://shop.example',
                'key' => 'base64:' . base64_encode(str_repeat('k', 32)), 'cipher' => 'AES-256-CBC',
                'timezone' => 'UTC', 'locale' => 'en', 'fallback_locale' => 'en', 'aliases' => [],
                'providers' => self::PROVIDERS,
            ],
            'auth' => [
                'defaults' => ['guard' => 'userref', 'passwords' => null],
                'guards' => ['userref' => ['driver' => 'userref'], 'api' => ['driver' => 'userref-token']],
                'providers' => [],
            ],
            'session' => [
                'driver' => $driver, 'files' => "{$folder}/storage/framework/sessions", 'lifetime' => 120,
                'expire_on_close' => false, 'encrypt' => false, 'lottery' => [0, 100], 'cookie' => 'laravel_session',
                'path' => '/', 'domain' => null, 'secure' => false, 'http_only' => true, 'same_site' => 'lax',
                'connection' => null, 'table' => 'sessions', 'store' => null,
            ],
            'cache' => ['default' => 'array', 'stores' => ['array' => ['driver' => 'array']], 'prefix' => ''],
            'database' => ['default' => 'sqlite', 'migrations' => 'migrations', 'connections' => ['sqlite' => [
                'driver' => 'sqlite', 'database' => ':memory:', 'prefix' => '',
            ]]],
            'filesystems' => ['default' => 'local', 'disks' => ['local' => ['driver' => 'local', 'root' => $folder]]],
            'logging' => ['default' => 'single', 'channels' => ['single' => [
                'driver' => 'single', 'path' => "{$folder}/storage/laravel.log", 'level' => 'debug',
            ]]],
            'view' => ['paths' => ["{$folder}/resources/views"], 'compiled' => "{$folder}/storage/framework/views"],
        ];
    }
}
