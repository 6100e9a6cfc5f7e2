<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Route;
use PHPUnit\Framework\TestCase;
use Userref\Testing\FakeUserref;

/** An application that lies in a folder of its host. */
final class FolderTest extends TestCase
{
    public function testItsAddressesAreTheOnesThatBrowsersSee(): void
    {
        $paths = [];
        foreach (['login', 'callback', 'logout', 'webhook'] as $name) {
            $paths[$name] = "/shop/userref/{$name}";
        }
        $settings = ['userref.paths' => $paths, 'app.url' => 'https://shop.example/shop'];
        $app = new TestApp('file', client: ['paths' => $paths], settings: $settings);
        $app->server = ['SCRIPT_NAME' => '/shop/index.php', 'SCRIPT_FILENAME' => '/srv/shop/index.php'];
        Route::get('/account', static fn () => Auth::id())->middleware(['web', 'userref.auth']);
        $page = $app->request('GET', '/shop/account');
        $way = '/shop/userref/login?return_to=%2Fshop%2Faccount&started_by=page';
        self::assertSame($way, $page->headers->get('location'));
        $login = $app->request('GET', $way);
        $back = '/shop/userref/callback?' . $app->fake->answerTo((string) $login->headers->get('location'));
        self::assertSame('/shop/account', $app->request('GET', $back)->headers->get('location'));
        self::assertSame(FakeUserref::USER_REF, $app->request('GET', '/shop/account')->getContent());
        self::assertStringEndsWith('/shop/userref/login', route('userref.login'));
        self::assertSame(404, $app->request('GET', '/shop/shop/userref/login')->getStatusCode());
    }
}
