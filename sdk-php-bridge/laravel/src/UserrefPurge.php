<?php

declare(strict_types=1);

namespace Userref\Laravel;

use Userref\Webhook\WebhookEvent;

/**
 * Something must be purged: a consent was withdrawn or has expired, or the person is erased. When every listener
 * returns `true`, the core is told that it is done, and the person sees that. May come again for one event.
 */
final class UserrefPurge
{
    public function __construct(public readonly WebhookEvent $event)
    {
    }
}
