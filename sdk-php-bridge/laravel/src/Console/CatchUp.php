<?php

declare(strict_types=1);

namespace Userref\Laravel\Console;

use Illuminate\Console\Command;
use Userref\Exception\UserrefThrowable;
use Userref\Userref;
use Userref\Web\Hooks;

/** For the scheduler, once a minute: what a webhook would have done, for those that did not arrive. */
final class CatchUp extends Command
{
    protected $signature = 'userref:catch-up';
    protected $description = 'Apply revocations whose webhook did not arrive';

    public function handle(Userref $userref, Hooks $hooks): int
    {
        try {
            $new = $userref->catchUp($hooks->onEvent, $hooks->onPurge);
        } catch (UserrefThrowable $error) {
            $this->error($error->getMessage());

            return 1;
        }
        $this->line("{$new} new");

        return 0;
    }
}
