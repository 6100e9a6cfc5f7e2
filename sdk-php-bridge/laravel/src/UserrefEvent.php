<?php

declare(strict_types=1);

namespace Userref\Laravel;

use Userref\Webhook\WebhookEvent;

/** An event of the core, after it has ended what it ends. Listen to it to purge what you keep. */
final class UserrefEvent
{
    public function __construct(public readonly WebhookEvent $event)
    {
    }
}
