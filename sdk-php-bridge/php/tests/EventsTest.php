<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\TestCase;
use Userref\Contract\EventType;
use Userref\Session\ArraySessionStorage;
use Userref\Exception\WebhookRejected;
use Userref\Testing\FakeUserref;
use Userref\Web\Hooks;
use Userref\Web\IncomingRequest;
use Userref\Web\Site;
use Userref\Webhook\WebhookEvent;

/** What a site is told of events, also when something of its own fails meanwhile. */
final class EventsTest extends TestCase
{
    private FakeUserref $fake;

    protected function setUp(): void
    {
        $this->fake = new FakeUserref();
    }

    public function testAMissedEventIsToldOnce(): void
    {
        $this->fake->bridge->events = [self::missed('evt_1', 'access.revoked')];
        $told = [];
        $listen = static function (WebhookEvent $event) use (&$told): void {
            $told[] = $event->id;
        };
        self::assertSame([1, 0], [$this->fake->userref->catchUp($listen), $this->fake->userref->catchUp($listen)]);
        self::assertSame(['evt_1'], $told);
    }

    public function testWhatCouldNotBePurgedIsPurgedAgainAndKeepsNothingElseWaiting(): void
    {
        [$failing, $behind] = [self::missed('evt_1', 'subject.erased'), self::missed('evt_2', 'access.revoked')];
        $this->fake->bridge->events = [$failing, $behind];
        $told = $asked = [];
        $listen = static function (WebhookEvent $event) use (&$told): void {
            $told[] = $event->id;
        };
        $isAway = true;
        $purge = static function (WebhookEvent $event) use (&$asked, &$isAway): bool {
            $asked[] = $event->id;

            return $isAway ? throw new \RuntimeException('The mail programme is away.') : true;
        };
        $run = fn (): int => $this->fake->userref->catchUp($listen, $purge);
        foreach ([1, 2] as $time) {
            try {
                $run();
                self::fail('A purge that failed must be heard of.');
            } catch (\RuntimeException $error) {
                self::assertSame('The mail programme is away.', $error->getMessage());
            }
            self::assertNull($this->fake->userref->config->cache->get('cursor'));
            self::assertCount($time, $asked);
            self::assertSame(['evt_1', 'evt_2'], $told);
        }
        $isAway = false;
        self::assertSame(0, $run());
        self::assertSame('2', $this->fake->userref->config->cache->get('cursor'));
        self::assertSame('POST /v1/webhook/confirm-purge', array_slice($this->fake->bridge->calls, -1)[0]);
    }

    public function testAnEventThatCannotBeReadIsHeardOfAndKeepsThoseBehindItFromNothing(): void
    {
        $session = $this->fake->signIn();
        $half = array_diff_key(self::missed('evt_1', 'subject.erased'), ['data' => 0]);
        $this->fake->bridge->events = [$half, ['id' => ['x']] + $half, self::missed('evt_2', 'access.revoked')];
        try {
            $this->fake->userref->catchUp();
            self::fail('An event that cannot be read must be heard of.');
        } catch (WebhookRejected) {
            self::assertFalse($this->fake->userref->isLive($session));
            self::assertNull($this->fake->userref->config->cache->get('cursor'));
        }
    }

    public function testACaughtUpEventIsNotLostWhenItsListenerThrows(): void
    {
        $this->fake->bridge->events = [self::missed('evt_1', 'access.revoked'), self::missed('evt_2', 'access.revoked')];
        $told = [];
        $listen = static function (WebhookEvent $event) use (&$told): void {
            $told[] = $event->id;
            $told === ['evt_1'] && throw new \RuntimeException('The listener fails.');
        };
        try {
            $this->fake->userref->catchUp($listen);
            self::fail('A listener that failed must be heard of.');
        } catch (\RuntimeException) {
            self::assertSame(['evt_1', 'evt_2'], $told);
        }
        self::assertSame([1, 0], [$this->fake->userref->catchUp($listen), $this->fake->userref->catchUp($listen)]);
        self::assertSame(['evt_1', 'evt_2', 'evt_1'], $told);
    }

    public function testAWebhookIsToldAgainUntilItsListenerCouldTakeIt(): void
    {
        [$body, $headers] = $this->fake->webhook(EventType::SubjectErased, ['request_id' => 'dsr_1']);
        $told = 0;
        $listen = static function () use (&$told): void {
            ++$told === 1 && throw new \RuntimeException('The listener fails.');
        };
        $request = new IncomingRequest('POST', '/userref/webhook', '', $headers, $body);
        $site = new Site($this->fake->userref, new ArraySessionStorage(), $request, new Hooks($listen));
        $post = static fn (): ?int => $site->handle()?->status;
        self::assertSame([503, 204, 204], [$post(), $post(), $post()]);
        self::assertSame(2, $told);
    }

    /** @return array<string, mixed> as the bridge gives it */
    private static function missed(string $id, string $type): array
    {
        $data = ['user_ref' => FakeUserref::USER_REF, 'reason' => 'revoked_by_operator', 'request_id' => 'dsr_1'];

        return ['id' => $id, 'type' => $type, 'timestamp' => gmdate('Y-m-d\TH:i:s\Z'), 'data' => $data];
    }
}
