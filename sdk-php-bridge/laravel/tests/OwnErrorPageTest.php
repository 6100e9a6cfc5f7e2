<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Http\Request;
use Illuminate\Support\Facades\Route;
use PHPUnit\Framework\TestCase;
use Userref\Web\Answer;
use Userref\Web\ErrorPage;
use Userref\Web\Hooks;

/** What visitors see of an error in an application of Laravel. */
final class OwnErrorPageTest extends TestCase
{
    private const WISHES = ['accept' => 'text/html', 'accept-language' => 'ar-EG, en;q=0.5'];

    public function testAPageSpeaksTheLanguageOfTheBrowser(): void
    {
        $page = (string) (new TestApp('file'))->request('GET', '/userref/callback', self::WISHES)->getContent();
        self::assertStringContainsString('<html lang="ar" dir="rtl">', $page);
    }

    public function testAnApplicationShowsErrorsInItsOwnLayoutWhereverTheyAreMet(): void
    {
        $app = new TestApp('file');
        $show = static fn (ErrorPage $page): Answer => new Answer(200, [], "Shop: {$page->code->value} {$page->language}");
        $app->app->extend(Hooks::class, static fn (Hooks $hooks): Hooks => $hooks->withRenderError($show));
        Route::get('/mine', static fn (Request $request) => $request->userref()->attributes(['contact:email'], 'news'))
            ->middleware('web');
        $callback = $app->request('GET', '/userref/callback', self::WISHES);
        self::assertSame([400, 'Shop: login_state_missing ar'], [$callback->getStatusCode(), $callback->getContent()]);
        $app->signIn();
        $thrown = $app->request('GET', '/mine', self::WISHES);
        self::assertSame([403, 'Shop: consent_required ar'], [$thrown->getStatusCode(), $thrown->getContent()]);
        $program = $app->request('GET', '/mine', ['accept' => 'application/json'] + self::WISHES);
        self::assertSame('application/problem+json; charset=utf-8', $program->headers->get('Content-Type'));
    }
}
