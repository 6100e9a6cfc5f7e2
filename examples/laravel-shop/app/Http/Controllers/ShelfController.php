<?php

declare(strict_types=1);

namespace App\Http\Controllers;

use App\Shop\Basket;
use App\Shop\Catalogue;
use Illuminate\Contracts\View\View;
use Illuminate\Http\JsonResponse;
use Illuminate\Http\RedirectResponse;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Illuminate\Support\Facades\Auth;

final class ShelfController
{
    public function show(): View
    {
        return view('shelf', ['products' => Catalogue::all()]);
    }

    public function add(Request $request): RedirectResponse
    {
        (new Basket($request->session()))->add((string) $request->input('sku'));

        return redirect('/');
    }

    /** Asked by open pages: whether the session still lives. */
    public function live(): JsonResponse
    {
        return new JsonResponse(['signed_in' => Auth::check()]);
    }

    public function missing(): Response
    {
        return response()->view('no-such-page', [], 404);
    }
}
