<?php

declare(strict_types=1);

namespace App\Listeners;

use App\Models\Order;
use Userref\Contract\EventType;
use Userref\Laravel\UserrefPurge;

/**
 * Deletes the sealed addresses of who withdrew, and takes the orders of an erased person off them. `true` confirms it:
 * the person sees that this shop has purged.
 */
final class PurgeAddress
{
    public function handle(UserrefPurge $purge): bool
    {
        $event = $purge->event;
        $orders = Order::query()->where('user_ref', $event->userRef());
        if ($event->type === EventType::SubjectErased) {
            $orders->update(['sealed_address' => null, 'user_ref' => null]);
        } elseif (in_array('address:shipping', $event->attributes() ?? [], true)) {
            $orders->update(['sealed_address' => null]);
        }

        return true;
    }
}
