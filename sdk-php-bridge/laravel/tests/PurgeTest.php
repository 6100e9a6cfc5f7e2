<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Support\Facades\Event;
use PHPUnit\Framework\TestCase;
use Userref\Contract\EventType;
use Userref\Laravel\UserrefPurge;
use Userref\Testing\FakeUserref;

/** A person sees that their data is purged when it is, and not before. */
final class PurgeTest extends TestCase
{
    private const PURGED = '{"status":"purged"}';

    public function testAPurgeIsConfirmedWhenEveryListenerSaysThatItIsDone(): void
    {
        $app = new TestApp('file');
        self::assertSame('', self::tell($app));
        Event::listen(UserrefPurge::class, static fn (UserrefPurge $purge) => $purge->event->userRef() === FakeUserref::USER_REF);
        self::assertSame(self::PURGED, self::tell($app));
        Event::listen(UserrefPurge::class, static fn () => null);
        self::assertSame('', self::tell($app));
    }

    public function testAListenerThatCouldNotPurgeKeepsNeitherTheOthersFromItNorIsItOverheard(): void
    {
        $app = new TestApp('file');
        $asked = [];
        foreach ([true, false, true] as $place => $answer) {
            Event::listen(UserrefPurge::class, static function () use (&$asked, $place, $answer): bool {
                $asked[] = $place;

                return $answer;
            });
        }
        self::assertSame('', self::tell($app));
        self::assertSame([0, 1, 2], $asked);
    }

    public function testWhoeverListensToEverythingIsToldAndNotAsked(): void
    {
        $app = new TestApp('file');
        $heard = [];
        Event::listen('*', static function (string $name) use (&$heard): void {
            $heard[] = $name;
        });
        self::assertSame('', self::tell($app));
        Event::listen(UserrefPurge::class, static fn () => true);
        self::assertSame(self::PURGED, self::tell($app));
        self::assertCount(2, array_keys($heard, UserrefPurge::class, true));
    }

    public function testAnApplicationsTestSeesItWithoutListeners(): void
    {
        $app = new TestApp('file');
        Event::listen(UserrefPurge::class, static fn () => true);
        Event::fake();
        self::assertSame('', self::tell($app));
        Event::assertDispatched(UserrefPurge::class);
    }

    private static function tell(TestApp $app): string
    {
        $data = ['consent_id' => 'con_' . str_repeat('a', 26), 'attributes' => ['contact:email'], 'purpose' => 'news'];
        [$body, $headers] = $app->fake->webhook(EventType::ConsentWithdrawn, $data);

        return (string) $app->request('POST', '/userref/webhook', $headers, $body)->getContent();
    }
}
