<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use Userref\Contract\EventType;
use Userref\Exception\UserrefException;
use Userref\Session\SessionStorage;
use Userref\Testing\FakeUserref;
use Userref\Tests\Support\SiteTestCase;
use Userref\Web\IncomingRequest;
use Userref\Web\Site;

/** Who is signed in at a site, and until when. */
final class SiteSessionTest extends SiteTestCase
{
    public function testAPageForSomebodySignedInAsksNoBridge(): void
    {
        $this->signIn('/');
        $before = count($this->fake->bridge->calls);
        $site = $this->site('/account');
        self::assertNull($site->handle());
        self::assertNotNull($site->user());
        self::assertTrue($site->userref->isLive($site->requireUser()));
        self::assertCount($before, $this->fake->bridge->calls);
    }

    public function testSigningOutNeedsAFormOfThisSite(): void
    {
        $this->signIn('/');
        foreach ([[], ['origin' => 'https://evil.example'], ['sec-fetch-site' => 'same-site', 'origin' => 'https://shop.example']] as $headers) {
            self::assertSame(403, $this->site('/userref/logout', method: 'POST', headers: $headers)->handle()?->status);
            self::assertNotNull($this->site('/')->user());
        }
        $answer = $this->site('/userref/logout', method: 'POST', headers: ['origin' => 'https://shop.example'] + self::HTML)->handle();
        self::assertSame('https://id.example.eu/session/end', $answer?->headers['Location']);
        self::assertNull($this->site('/')->user());
    }

    public function testSigningOutWorksHereWhileTheBridgeIsAway(): void
    {
        $this->signIn('/');
        $session = $this->site('/')->requireUser();
        $this->fake->bridge->isAway = true;
        $answer = $this->site('/userref/logout', method: 'POST', headers: ['sec-fetch-site' => 'same-origin'] + self::HTML)->handle();
        self::assertSame('https://shop.example/', $answer?->headers['Location']);
        self::assertFalse($this->fake->userref->isLive($session));
    }

    public function testAStoreThatIsAwayIsAnErrorAndNeverSignedIn(): void
    {
        $store = new class implements \Userref\Revocation\RevocationStore {
            public function revokeSession(string $sid, int $until, ?int $issuedUntil = null): void
            {
            }
            public function revokeUser(string $userRef, int $revokedAt, int $until): void
            {
            }
            public function isRevoked(string $sid, string $userRef, int $issuedAt): bool
            {
                throw new \RuntimeException('away');
            }
            public function rememberWebhook(string $id, int $until): bool
            {
                throw new \RuntimeException('away');
            }
        };
        $this->fake = new FakeUserref(config: ['revocations' => $store]);
        $this->storage->write($this->fake->signIn()->toStorage());
        [$body, $headers] = $this->fake->webhook(EventType::EndpointTest);
        self::assertSame(503, $this->site('/userref/webhook', method: 'POST', headers: $headers, body: $body)->handle()?->status);
        $this->expectException(UserrefException::class);
        $this->expectExceptionMessage('service_unavailable');
        $this->site('/')->user();
    }

    /** @dataProvider strangeStorage */
    #[DataProvider('strangeStorage')]
    public function testWhatIsNoSessionInTheStorageMeansSignedOut(mixed $stored): void
    {
        $storage = new class ($stored) implements SessionStorage {
            public function __construct(private readonly mixed $stored)
            {
            }
            public function read(): mixed
            {
                return $this->stored;
            }
            public function write(array $session): void
            {
            }
            public function clear(): void
            {
            }
        };
        $site = new Site($this->fake->userref, $storage, new IncomingRequest('GET', '/', '', []));
        self::assertNull($site->user());
    }

    /** @return list<array{mixed}> */
    public static function strangeStorage(): array
    {
        return [[null], ['text'], [[]], [['v' => 2]], [['v' => 1, 'user_ref' => 'amber']]];
    }
}
