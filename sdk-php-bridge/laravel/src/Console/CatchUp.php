<?php

declare(strict_types=1);

namespace Userref\Laravel\Console;

use Illuminate\Console\Command;
use Userref\Exception\UserrefThrowable;
use Userref\Userref;
use Userref\Web\Hooks;
use Userref\Webhook\WebhookEvent;

/** For the scheduler, once a minute: what a webhook would have done, for those that did not arrive. */
final class CatchUp extends Command
{
    protected $signature = 'userref:catch-up';
    protected $description = 'Apply revocations whose webhook did not arrive';

    public function handle(Userref $userref, Hooks $hooks): int
    {
        try {
            $new = $userref->catchUp(static fn (WebhookEvent $event) => self::take($event, $userref, $hooks));
        } catch (UserrefThrowable $error) {
            $this->error($error->getMessage());

            return 1;
        }
        $this->line("{$new} new");

        return 0;
    }

    private static function take(WebhookEvent $event, Userref $userref, Hooks $hooks): void
    {
        if ($hooks->onEvent !== null) {
            ($hooks->onEvent)($event);
        }
        if ($event->asksForPurge() && $hooks->onPurge !== null && ($hooks->onPurge)($event)) {
            try {
                $userref->confirmPurge($event->id);
            } catch (UserrefThrowable) {
                // The webhook is still on its way, and its answer confirms it.
            }
        }
    }
}
