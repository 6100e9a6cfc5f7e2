<?php

declare(strict_types=1);

namespace Userref\Webhook;

/** An event that has been applied to sessions. */
final class HandledWebhook
{
    public function __construct(
        public readonly WebhookEvent $event,
        /** Handled before: answer 2xx, and do not act on it again. */
        public readonly bool $isDuplicate,
    ) {
    }
}
