<?php

declare(strict_types=1);

namespace Userref\Exception;

/** A webhook that is not from the core, or not as it was sent: `webhook_…`. Nothing was applied. */
final class WebhookRejected extends UserrefException
{
}
