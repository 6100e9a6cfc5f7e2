<?php

declare(strict_types=1);

namespace Userref\Laravel;

use Illuminate\Contracts\Events\Dispatcher;

/**
 * Tells every listener of {@see UserrefPurge}, and hears them all: Laravel's own way stops at the first `false` and
 * leaves it out of the answers, and has the answers of those among them who listen to everything, as Telescope does.
 */
final class Purge
{
    public function __construct(private readonly Dispatcher $events)
    {
    }

    /** Whether somebody listens, and all say that it is done. */
    public function isDone(UserrefPurge $purge): bool
    {
        if (!method_exists($this->events, 'getListeners')) {
            // Event::fake(), which has nobody listen.
            $this->events->dispatch($purge);

            return false;
        }
        $listeners = $this->events->getListeners(UserrefPurge::class);
        // Whoever listens to all of our events would listen to one of that name, and comes after the others.
        $own = count($listeners) - count($this->events->getListeners(UserrefPurge::class . 'OfNobody'));
        $answers = array_map(static fn ($listener): mixed => $listener(UserrefPurge::class, [$purge]), $listeners);

        return $own > 0 && array_filter(array_slice($answers, 0, $own), static fn ($one) => $one !== true) === [];
    }
}
