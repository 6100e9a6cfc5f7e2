<?php

declare(strict_types=1);

namespace App\Http\Controllers;

use App\Models\Order;
use App\Shop\Basket;
use App\Shop\Catalogue;
use App\Shop\Shared;
use Illuminate\Contracts\View\View;
use Illuminate\Http\RedirectResponse;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Auth;
use Userref\Userref;

final class CheckoutController
{
    /** The middleware has asked for the address; it is shown, and not written down. */
    public function show(Request $request): View
    {
        $items = (new Basket($request->session()))->items();

        return view('checkout', ['items' => $items, 'address' => Shared::by($request, 'address:shipping')]);
    }

    public function place(Request $request, Userref $userref): RedirectResponse
    {
        $basket = new Basket($request->session());
        $items = $basket->items();
        if ($items === []) {
            return redirect('/');
        }
        $order = new Order(['id' => Order::newNumber(), 'user_ref' => Auth::id(), 'items' => $items]);
        $order->total_cents = Catalogue::total($items);
        $order->sealed_address = $this->sealedAddress($userref, $order);
        $order->save();
        $basket->clear();

        return redirect("/orders/{$order->id}");
    }

    /** For the label: the shop keeps it and cannot read it; only the cell can, as long as the consent lives. */
    private function sealedAddress(Userref $userref, Order $order): string
    {
        $until = now()->addDays(config('shop.label_days'));

        return $userref->seal($order->user_ref, ['address:shipping'], Order::PURPOSE, $order->id, $until)->sealed;
    }
}
