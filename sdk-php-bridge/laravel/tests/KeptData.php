<?php

declare(strict_types=1);

namespace Userref\Laravel\Tests;

use Illuminate\Contracts\Queue\ShouldQueue;
use Userref\Laravel\UserrefEvent;

/** A job or a queued listener: what it holds is written into the queue. */
final class KeptData implements ShouldQueue
{
    /** @var list<string> */
    public static array $handled = [];

    public function __construct(public readonly mixed $data = null)
    {
    }

    public function handle(?UserrefEvent $event = null): void
    {
        self::$handled[] = $event?->event->userRef() ?? get_debug_type($this->data);
    }
}
