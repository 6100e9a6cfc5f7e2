<?php

declare(strict_types=1);

namespace Userref\Laravel\Console;

use Illuminate\Console\Command;
use Illuminate\Contracts\Container\Container;
use Userref\Diagnosis;
use Userref\Exception\UserrefThrowable;
use Userref\Userref;

/** Whether everything is in place. */
final class Doctor extends Command
{
    protected $signature = 'userref:doctor';
    protected $description = 'Check the Userref bridge, the core behind it and the clocks';

    public function handle(Container $container, SessionTable $sessions): int
    {
        try {
            // Made here and not by the caller: that settings are wrong is an answer, too.
            $checks = Diagnosis::of($container->make(Userref::class));
        } catch (UserrefThrowable $error) {
            $this->error($error->getMessage());

            return 1;
        }
        if ($sessions->isUsed()) {
            $checks["the column user_id of {$sessions->name()} takes a user_ref"] = $sessions->takesUserRefs();
        }
        foreach ($checks as $name => $holds) {
            $this->line(($holds ? 'ok    ' : 'WRONG ') . $name);
        }

        return in_array(false, $checks, true) ? 1 : 0;
    }
}
