<?php

declare(strict_types=1);

namespace App\Http\Controllers;

use App\Models\Order;
use Illuminate\Contracts\View\View;
use Illuminate\Http\Response;
use Userref\Attributes;
use Userref\Exception\UserrefThrowable;
use Userref\Userref;

/** Where parcels get their labels. */
final class PackingController
{
    /** Goes to the log of the bridge beside the order's number. A shop with accounts takes the one of the clerk. */
    private const ACTOR = 'packing-desk';

    public function index(): View
    {
        return view('packing', ['orders' => Order::query()->latest()->get()]);
    }

    /** The address is there for as long as the label is made, and nowhere afterwards. */
    public function label(Userref $userref, string $id): Response
    {
        $order = Order::query()->findOrFail($id);
        if ($order->sealed_address === null) {
            return response()->view('no-label', ['order' => $order, 'code' => 'sealed_destroyed'], 410);
        }
        try {
            return $userref->unseal(
                $order->sealed_address,
                Order::PURPOSE,
                $order->id,
                self::ACTOR,
                static fn (Attributes $shared) => response()->view('label', ['order' => $order, 'shared' => $shared]),
            );
        } catch (UserrefThrowable $error) {
            $status = $error->isTransient() ? 503 : 410;

            return response()->view('no-label', ['order' => $order, 'code' => $error->errorCode()->value], $status);
        }
    }
}
