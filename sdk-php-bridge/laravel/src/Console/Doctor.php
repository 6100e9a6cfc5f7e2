<?php

declare(strict_types=1);

namespace Userref\Laravel\Console;

use Illuminate\Console\Command;
use Userref\Exception\UserrefThrowable;
use Userref\Userref;

/** Whether everything is in place. */
final class Doctor extends Command
{
    protected $signature = 'userref:doctor';
    protected $description = 'Check the Userref bridge, the core behind it and the clocks';

    public function handle(Userref $userref): int
    {
        try {
            $health = $userref->health();
        } catch (UserrefThrowable $error) {
            $this->error($error->getMessage());

            return 1;
        }
        $checks = [
            'the core answers the bridge' => $health->isOk,
            'issuer and site are those of the bridge'
                => [$health->issuer, $health->site] === [$userref->config->issuer, $userref->config->site],
            'the clocks agree' => abs($health->clockOffsetMs ?? 0) <= 30000,
            'the bridge knows the latest revocations' => $health->hasCaughtUp,
        ];
        foreach ($checks as $name => $holds) {
            $this->line(($holds ? 'ok    ' : 'WRONG ') . $name);
        }

        return in_array(false, $checks, true) ? 1 : 0;
    }
}
