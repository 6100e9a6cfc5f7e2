<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Http\Client\ConnectionException;
use Illuminate\Http\Client\Request;
use Illuminate\Support\Facades\Http;
use PHPUnit\Framework\TestCase;
use Userref\Exception\BridgeUnreachable;
use Userref\Exception\ConfigException;
use Userref\Exception\ConsentRequired;
use Userref\Session;
use Userref\Testing\FakeUserref;
use Userref\Userref;

/** An application whose tests stand on Http::fake() may let the bridge's answers come from there too. */
final class HttpFakeTest extends TestCase
{
    private const SECRET = 'secret-of-the-bridge-in-no-message-0123456789ab';

    public function testTheBridgesAnswersComeFromHttpFake(): void
    {
        $userref = self::userref();
        Http::fake(['127.0.0.1:4100/v1/attributes' => Http::response(['attributes' => ['contact:email' => 'a@b.example']])]);
        $email = $userref->attributes(self::session(), ['contact:email'], 'news')->get('contact:email');
        self::assertSame('a@b.example', $email);
        Http::assertSent(static fn (Request $sent): bool => $sent->method() === 'POST'
            && $sent->hasHeader('Authorization', 'Bearer ' . self::SECRET)
            && $sent['names'] === ['contact:email']);
    }

    public function testARefusalIsTheSameErrorAsFromTheBridge(): void
    {
        $userref = self::userref();
        $problem = ['code' => 'consent_required', 'attributes' => ['contact:email'], 'purpose' => 'news'];
        Http::fake(['*' => Http::response($problem, 403)]);
        $this->expectException(ConsentRequired::class);
        $userref->attributes(self::session(), ['contact:email'], 'news');
    }

    public function testABridgeThatIsAwayIsSaidToBeWithoutTheSecret(): void
    {
        $userref = self::userref();
        Http::fake(static fn () => throw new ConnectionException('Bearer ' . self::SECRET));
        try {
            $userref->health();
            self::fail('There was an answer.');
        } catch (BridgeUnreachable $failure) {
            self::assertStringNotContainsString(self::SECRET, (string) $failure);
        }
    }

    public function testAPreviewNamesItsAddress(): void
    {
        $userref = self::userref(['userref.preview_origin' => 'https://pr-1--shop.preview.example']);
        Http::fake(['*' => Http::response(['active' => false])]);
        $userref->refreshSession('handle');
        Http::assertSent(static fn (Request $sent): bool
            => $sent['preview_origin'] === 'https://pr-1--shop.preview.example');
    }

    public function testItIsChosenByTheSettingAloneAndCannotReachASocket(): void
    {
        $this->expectException(ConfigException::class);
        self::userref(['userref.bridge' => 'unix:/run/userref/bridge.sock']);
    }

    /** @param array<string, mixed> $settings */
    private static function userref(array $settings = []): Userref
    {
        $app = new TestApp('file', settings: $settings + [
            'userref.transport' => 'http',
            'userref.bridge' => 'http://127.0.0.1:4100',
            'userref.bridge_secret' => self::SECRET,
            'userref.issuer' => 'https://id.example.eu',
            'userref.site' => 'shop-a',
            'userref.base_url' => 'https://shop.example',
        ]);
        // The application as it is configured, and not the fake that other tests use.
        $app->app->forgetInstance(Userref::class);

        return $app->app->make(Userref::class);
    }

    private static function session(): Session
    {
        $fields = (new FakeUserref())->signIn()->jsonSerialize();

        return Session::fromAnswer($fields, 'handle');
    }
}
