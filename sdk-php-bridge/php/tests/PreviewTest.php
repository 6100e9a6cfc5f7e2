<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\TestCase;
use Userref\Bridge\Request;
use Userref\Bridge\Response;
use Userref\Bridge\Transport;
use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefException;
use Userref\Session\ArraySessionStorage;
use Userref\Testing\FakeUserref;
use Userref\Tests\Support\ScriptedTransport;
use Userref\Web\IncomingRequest;
use Userref\Web\Site;

/** A deployment at an address of its own. */
final class PreviewTest extends TestCase
{
    private const PREVIEW = 'https://pr-1--shop.preview.example';

    public function testItNamesItsAddressAtEachCallThatDependsOnIt(): void
    {
        [$fake, $transport] = self::watched(['preview_origin' => self::PREVIEW]);
        self::everyCall($fake);
        self::assertSame(array_fill_keys(array_keys($transport->named), self::PREVIEW), $transport->named);
        self::assertCount(5, $transport->named);
    }

    public function testASiteThatIsNoPreviewNamesNone(): void
    {
        [$fake, $transport] = self::watched([]);
        self::everyCall($fake);
        self::assertSame(array_fill(0, 5, null), array_values($transport->named));
    }

    public function testFormsOfThePreviewSignOutAndThoseOfTheSiteDoNot(): void
    {
        $fake = new FakeUserref(config: ['preview_origin' => self::PREVIEW]);
        $status = static function (string $origin) use ($fake): int {
            $request = new IncomingRequest('POST', '/userref/logout', '', ['origin' => $origin]);

            return (int) (new Site($fake->userref, new ArraySessionStorage(), $request))->handle()?->status;
        };
        self::assertSame([200, 403], [$status(self::PREVIEW), $status('https://shop.example')]);
    }

    public function testARefusalOfTheBridgeComesOutWithWhatToDo(): void
    {
        $problem = '{"code":"preview_refused","detail":"The bridge lets nobody sign in there.","retryable":false}';
        $transport = new ScriptedTransport([new Response(403, $problem), new Response(403, $problem)]);
        $fake = new FakeUserref(config: ['preview_origin' => self::PREVIEW, 'transport' => $transport]);
        try {
            $fake->userref->startLogin();
            self::fail('It was begun.');
        } catch (UserrefException $error) {
            self::assertSame(ErrorCode::PreviewRefused, $error->errorCode());
            self::assertSame('The bridge lets nobody sign in there.', $error->detail());
            self::assertStringContainsString('USERREF_BRIDGE_PREVIEWS', $error->getMessage());
            self::assertFalse($error->isTransient());
        }
        $request = new IncomingRequest('GET', '/userref/login', '', ['accept' => 'application/json']);
        $answer = (new Site($fake->userref, new ArraySessionStorage(), $request))->handle();
        self::assertSame(403, $answer?->status);
        self::assertSame('preview_refused', json_decode($answer->body, true)['code']);
    }

    private static function everyCall(FakeUserref $fake): void
    {
        $session = $fake->signIn();
        $fake->userref->refreshSession($session->handle());
        $fake->userref->attributes($session, ['contact:email'], 'news');
        $fake->userref->logoutUrl($session);
    }

    /**
     * @param array<string, mixed> $config
     *
     * @return array{FakeUserref, object{named: array<string, string|null>}}
     */
    private static function watched(array $config): array
    {
        $transport = new class implements Transport {
            /** @var array<string, string|null> by call */
            public array $named = [];
            public ?Transport $bridge = null;

            public function send(Request $request): Response
            {
                $this->named[$request->target] = json_decode($request->body, true)['preview_origin'] ?? null;

                return $this->bridge->send($request);
            }
        };
        $fake = new FakeUserref(['contact:email' => 'amber@example.org'], $config + ['transport' => $transport]);
        $transport->bridge = $fake->bridge;

        return [$fake, $transport];
    }
}
