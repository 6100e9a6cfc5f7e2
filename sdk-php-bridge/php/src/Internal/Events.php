<?php

declare(strict_types=1);

namespace Userref\Internal;

use Userref\Exception;
use Userref\Exception\BridgeUnreachable;
use Userref\Exception\UserrefException;
use Userref\Exception\UserrefThrowable;
use Userref\Webhook\HandledWebhook;
use Userref\Webhook\WebhookEvent;

/** Part of {@see \Userref\Userref}: what the core tells, by webhook or when it is asked. */
trait Events
{
    /**
     * Verifies an event and applies nothing.
     *
     * @param string $rawBody exactly as it came: `file_get_contents('php://input')`
     * @param array<string, mixed> $headers as any framework has them, or `$_SERVER`
     *
     * @throws Exception\WebhookRejected
     */
    public function verifyWebhook(
        #[\SensitiveParameter] string $rawBody,
        #[\SensitiveParameter] array $headers,
    ): WebhookEvent {
        return $this->webhooks->verify($rawBody, $headers, $this->now());
    }

    /**
     * Verifies an event and ends the sessions that it ends.
     *
     * @param array<string, mixed> $headers
     * @param (\Closure(WebhookEvent): void)|null $onEvent is told an event that is new. What it throws comes through,
     *     and it is told again when the event is delivered again
     *
     * @throws Exception\WebhookRejected
     */
    public function handleWebhook(
        #[\SensitiveParameter] string $rawBody,
        #[\SensitiveParameter] array $headers,
        ?\Closure $onEvent = null,
    ): HandledWebhook {
        $event = $this->verifyWebhook($rawBody, $headers);

        return new HandledWebhook($event, !$this->take($event, $onEvent));
    }

    /**
     * Applies revocations whose webhook did not arrive. For a cron job, about once a minute; it may be repeated. What
     * a closure throws comes through after all events were gone through, and the next run goes through them again.
     *
     * @param (\Closure(WebhookEvent): void)|null $onEvent is told those that were new
     * @param (\Closure(WebhookEvent): bool)|null $onPurge for what must be purged, also when its webhook did arrive: it
     *     may have failed. True confirms it to the core; false when it is under way and {@see confirmPurge} follows;
     *     throws when it could not be purged
     *
     * @return int how many were new
     *
     * @throws BridgeUnreachable
     */
    public function catchUp(?\Closure $onEvent = null, ?\Closure $onPurge = null): int
    {
        $since = $this->config->cache->get('cursor') ?? '0';
        $members = ['events' => 'is_array', 'next' => 'is_string'];
        $answer = $this->bridge->call('GET', '/v1/revocations?since=' . rawurlencode($since), null, $members);
        $new = 0;
        $failure = null;
        // One that fails keeps neither its own purge nor the events behind it waiting.
        $try = static function (\Closure $work) use (&$failure): mixed {
            try {
                return $work();
            } catch (\Throwable $error) {
                $failure ??= $error;

                return null;
            }
        };
        foreach ($answer['events'] as $given) {
            $event = $try(static fn (): WebhookEvent => self::told($given));
            if ($event instanceof WebhookEvent) {
                $new += (int) $try(fn (): bool => $this->take($event, $onEvent));
                $try(fn () => $this->purge($event, $onPurge));
            }
        }
        if ($failure !== null) {
            throw $failure;
        }
        // As long as the core keeps events.
        $this->config->cache->set('cursor', $answer['next'], 2592000);

        return $new;
    }

    /**
     * Tells the core that the data of an event is purged, for work that takes longer than a webhook.
     *
     * @throws UserrefException `not_found`
     */
    public function confirmPurge(string $eventId): void
    {
        $this->bridge->call('POST', '/v1/webhook/confirm-purge', ['event_id' => $eventId]);
    }

    /** As the bridge had it from the core, with its id. */
    private static function told(mixed $given): WebhookEvent
    {
        $members = is_array($given) ? $given : [];
        $id = is_string($members['id'] ?? null) ? $members['id'] : '';
        $body = array_diff_key($members, ['id' => 0]);
        $body['data'] = (object) ($body['data'] ?? null);

        return WebhookEvent::read($id, json_encode($body, JSON_THROW_ON_ERROR));
    }

    /** True when the event was new. The store cannot forget an id, so the cache holds what a listener still has to hear. */
    private function take(WebhookEvent $event, ?\Closure $onEvent): bool
    {
        $cache = $this->config->cache;
        $key = 'untold_' . hash('sha256', $event->id);
        $isUntold = $this->revoked->apply($event, $this->now()) || $cache->get($key) === '1';
        if (!$isUntold || $onEvent === null) {
            return $isUntold;
        }
        try {
            $onEvent($event);
        } catch (\Throwable $error) {
            // As long as the store keeps ids.
            $cache->set($key, '1', 691200);
            throw $error;
        }
        $cache->get($key) === '1' && $cache->set($key, '0', 1);

        return true;
    }

    private function purge(WebhookEvent $event, ?\Closure $onPurge): void
    {
        if ($onPurge === null || !$event->asksForPurge() || !$onPurge($event)) {
            return;
        }
        try {
            $this->confirmPurge($event->id);
        } catch (UserrefThrowable) {
            // The webhook is still on its way, and its answer confirms it.
        }
    }
}
