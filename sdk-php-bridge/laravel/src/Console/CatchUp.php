<?php

declare(strict_types=1);

namespace Userref\Laravel\Console;

use Illuminate\Console\Command;
use Userref\Userref;

/** For the scheduler, once a minute. */
final class CatchUp extends Command
{
    protected $signature = 'userref:catch-up';
    protected $description = 'Apply revocations whose webhook did not arrive';

    public function handle(Userref $userref): int
    {
        $this->line($userref->catchUp() . ' new');

        return 0;
    }
}
