<?php

declare(strict_types=1);

namespace Userref\Tests;

use Userref\Contract\EventType;
use Userref\Tests\Support\SiteTestCase;
use Userref\Web\Hooks;
use Userref\Webhook\WebhookEvent;

/** What the core tells a site. */
final class SiteWebhookTest extends SiteTestCase
{
    public function testARevocationSignsOutAtTheNextRequest(): void
    {
        $this->signIn('/');
        [$body, $headers] = $this->fake->webhook(EventType::AccessRevoked, ['reason' => 'disconnected_by_person']);
        self::assertSame(204, $this->site('/userref/webhook', method: 'POST', headers: $headers, body: $body)->handle()?->status);
        self::assertNull($this->site('/')->user());
        self::assertNull($this->storage->read());
    }

    public function testAForgedWebhookIsAnsweredWith401AndSignsNobodyOut(): void
    {
        $this->signIn('/');
        [$body, $headers] = $this->fake->webhook(EventType::AccessRevoked, ['reason' => 'signed_out']);
        $headers['webhook-signature'] = 'v1,' . base64_encode(random_bytes(32));
        $answer = $this->site('/userref/webhook', method: 'POST', headers: $headers, body: $body)->handle();
        self::assertSame(401, $answer?->status);
        self::assertSame('webhook_signature_invalid', json_decode($answer->body, true)['code']);
        self::assertNotNull($this->site('/')->user());
    }

    public function testAWebhookOfMoreThan64KilobytesIsNotLookedAt(): void
    {
        $answer = $this->site('/userref/webhook', method: 'POST', body: str_repeat('x', 65537))->handle();
        self::assertSame(413, $answer?->status);
    }

    public function testThePurgeIsConfirmedInTheAnswerAndTheHookIsToldOnce(): void
    {
        $told = [];
        $hooks = new Hooks(
            onEvent: static function (WebhookEvent $event) use (&$told): void {
                $told[] = $event->type;
            },
            onPurge: static fn (WebhookEvent $event): bool => $event->attributes() === ['contact:email'],
        );
        $data = ['consent_id' => 'con_x', 'attributes' => ['contact:email'], 'purpose' => 'news'];
        [$body, $headers] = $this->fake->webhook(EventType::ConsentWithdrawn, $data);
        foreach ([1, 2] as $delivery) {
            $answer = $this->site('/userref/webhook', method: 'POST', headers: $headers, body: $body, hooks: $hooks)->handle();
            self::assertSame('{"status":"purged"}', $answer?->body);
        }
        self::assertSame([EventType::ConsentWithdrawn], $told);
    }
}
