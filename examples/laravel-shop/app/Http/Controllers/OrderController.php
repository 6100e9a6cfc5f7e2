<?php

declare(strict_types=1);

namespace App\Http\Controllers;

use App\Models\Order;
use App\Shop\Shared;
use Illuminate\Contracts\View\View;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Illuminate\Support\Facades\Auth;

final class OrderController
{
    public function index(): View
    {
        return view('orders', ['orders' => Order::ofPerson(Auth::id())]);
    }

    public function show(Request $request, string $id): Response
    {
        $order = Order::ofPerson(Auth::id())->firstWhere('id', $id);
        if ($order === null) {
            return response()->view('no-such-order', [], 404);
        }

        return response()->view('order', [
            'order' => $order,
            'address' => Shared::by($request, 'address:shipping'),
            'email' => Shared::by($request, 'contact:email'),
        ]);
    }
}
