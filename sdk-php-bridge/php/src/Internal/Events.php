<?php

declare(strict_types=1);

namespace Userref\Internal;

use Userref\Exception;
use Userref\Exception\BridgeUnreachable;
use Userref\Exception\UserrefException;
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
    public function verifyWebhook(string $rawBody, array $headers): WebhookEvent
    {
        return $this->webhooks->verify($rawBody, $headers, $this->now());
    }

    /**
     * Verifies an event and ends the sessions that it ends.
     *
     * @param array<string, mixed> $headers
     *
     * @throws Exception\WebhookRejected
     */
    public function handleWebhook(string $rawBody, array $headers): HandledWebhook
    {
        $event = $this->verifyWebhook($rawBody, $headers);

        return new HandledWebhook($event, !$this->revoked->apply($event, $this->now()));
    }

    /**
     * Applies revocations whose webhook did not arrive. For a cron job, about once a minute; it may be repeated.
     *
     * @param (\Closure(WebhookEvent): void)|null $onEvent is told those that were new
     *
     * @return int how many were new
     *
     * @throws BridgeUnreachable
     */
    public function catchUp(?\Closure $onEvent = null): int
    {
        $since = $this->config->cache->get('cursor') ?? '0';
        $answer = $this->bridge->call('GET', '/v1/revocations?since=' . rawurlencode($since));
        $new = 0;
        foreach ($answer['events'] as $event) {
            $body = json_encode(array_diff_key($event, ['id' => 0]), JSON_THROW_ON_ERROR);
            $missed = WebhookEvent::read($event['id'], $body);
            if ($this->revoked->apply($missed, $this->now())) {
                $new++;
                $onEvent === null || $onEvent($missed);
            }
        }
        $this->config->cache->set('cursor', (string) $answer['next'], 604800);

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
}
