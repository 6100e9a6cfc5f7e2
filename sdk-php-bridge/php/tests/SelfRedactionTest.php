<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Attributes;
use Userref\Exception\UserrefThrowable;
use Userref\Testing\FakeUserref;
use Userref\Tests\Support\ScriptedTransport;
use Userref\Userref;
use Userref\Web\IncomingRequest;

/** Values and secrets show up nowhere by themselves. */
final class SelfRedactionTest extends TestCase
{
    private const NEEDLES = ['Amber Lane', 'fake-handle', 'ssssssssss', 'secret of the fake', 'c2VjcmV0IG9mIHRoZSBmYWtl'];

    /** @dataProvider objects */
    #[DataProvider('objects')]
    public function testADumpShowsNoValue(object $object): void
    {
        ob_start();
        var_dump($object);
        print_r($object);
        var_export($object);
        var_dump((array) $object);
        $shown = ob_get_clean() . json_encode($object);
        foreach (self::NEEDLES as $needle) {
            self::assertFalse(str_contains((string) $shown, $needle), "{$needle} shows up.");
        }
    }

    /** @dataProvider objects */
    #[DataProvider('objects')]
    public function testItCannotBeSerialized(object $object): void
    {
        $this->expectException(\Throwable::class);
        serialize($object);
    }

    public function testADumpOfARequestShowsNothingThatTheBrowserSent(): void
    {
        $headers = ['cookie' => 'PHPSESSID=canary'];
        $request = new IncomingRequest('GET', '/userref/callback', 'code=canary', $headers, 'canary');
        ob_start();
        var_dump($request);
        self::assertStringNotContainsString('canary', ob_get_clean() . print_r($request, true));
    }

    public function testAValueIsThereForWhoAsks(): void
    {
        self::assertSame(['street_address' => 'Amber Lane 1'], self::attributes()->get('address:shipping'));
    }

    public function testATraceOfAnErrorHoldsNoSecret(): void
    {
        $fake = new FakeUserref();
        $session = $fake->signIn();
        $fake->bridge->isAway = true;
        try {
            $fake->userref->attributes($session, ['contact:email'], 'news');
            self::fail('There was no bridge.');
        } catch (\Throwable $error) {
            $shown = (string) $error;
        }
        foreach (self::NEEDLES as $needle) {
            self::assertFalse(str_contains($shown, $needle), "{$needle} shows up.");
        }
    }

    /**
     * What trackers of errors send away: whole arguments, where php.ini does not leave them out.
     *
     * @dataProvider calls
     *
     * @param \Closure(FakeUserref): mixed $call
     */
    #[DataProvider('calls')]
    public function testTheArgumentsInATraceHoldNoSecretNorWhatTheBrowserSent(\Closure $call): void
    {
        $fake = new FakeUserref(config: ['transport' => new ScriptedTransport([])]);
        $before = ini_set('zend.exception_ignore_args', '0');
        try {
            $call($fake);
            self::fail('There was no bridge.');
        } catch (UserrefThrowable $error) {
            $frames = array_filter($error->getTrace(), static fn (array $frame): bool
                => str_starts_with($frame['class'] ?? '', 'Userref\\') && !str_contains($frame['class'], 'Tests'));
        } finally {
            ini_set('zend.exception_ignore_args', (string) $before);
        }
        self::assertNotSame([], array_filter(array_column($frames, 'args')));
        $shown = '';
        foreach (array_merge(...array_values(array_column($frames, 'args'))) as $argument) {
            $shown .= print_r($argument, true) . (is_object($argument) ? print_r((array) $argument, true) : '');
        }
        // From 8.2 on, PHP leaves out what is marked.
        foreach (PHP_VERSION_ID < 80200 ? [] : [...self::NEEDLES, 'canary'] as $needle) {
            self::assertFalse(str_contains($shown, $needle), "{$needle} shows up.");
        }
    }

    /** @return array<string, array{\Closure(FakeUserref): mixed}> */
    public static function calls(): array
    {
        $session = (new FakeUserref())->signIn();
        $cookies = 'PHPSESSID=canary; __Host-userref-login-abcdefghijklmnop=canary';

        return [
            'the start of a login' => [static fn ($fake) => $fake->userref->startLogin(cookieHeader: $cookies)],
            'its end' => [static fn ($fake) => $fake->userref->completeLogin('code=canary', $cookies, $session)],
            'a session' => [static fn ($fake) => $fake->userref->refreshSession('canary')],
            'attributes' => [static fn ($fake) => $fake->userref->attributes($session, ['contact:email'], 'news')],
            'an envelope' => [static fn ($fake) => $fake->userref->unseal('canary', 'news', 'o-1', 's-1', strrev(...))],
            'a passport' => [static fn ($fake) => $fake->userref->verifyPassport('e30.e30.canary')],
            'a webhook' => [static fn ($fake) => $fake->userref->handleWebhook('{"canary":1}', [])],
            'the configuration' => [static fn ($fake) => Userref::fromConfig(['bridge_secret' => 'canary'])],
        ];
    }

    /** @return array<string, array{object}> */
    public static function objects(): array
    {
        $fake = new FakeUserref();

        return [
            'attributes' => [self::attributes()],
            'a session' => [(new FakeUserref())->signIn()],
            'the configuration' => [$fake->userref->config],
            'the client' => [$fake->userref],
        ];
    }

    private static function attributes(): Attributes
    {
        return new Attributes(['address:shipping' => ['street_address' => 'Amber Lane 1']]);
    }
}
