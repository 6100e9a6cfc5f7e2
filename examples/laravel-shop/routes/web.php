<?php

declare(strict_types=1);

use App\Http\Controllers\CheckoutController;
use App\Http\Controllers\OrderController;
use App\Http\Controllers\PackingController;
use App\Http\Controllers\ShelfController;
use Illuminate\Support\Facades\Route;

Route::get('/', [ShelfController::class, 'show']);
Route::post('/basket', [ShelfController::class, 'add']);
Route::get('/live', [ShelfController::class, 'live']);

// Asks for the address, and for the e-mail along with it. Whoever says no to the e-mail goes on all the same.
Route::get('/checkout', [CheckoutController::class, 'show'])
    ->middleware('userref.consent:order_delivery,address:shipping,contact:email?');

Route::middleware('sign-in-first')->group(static function (): void {
    Route::post('/orders', [CheckoutController::class, 'place']);
    Route::get('/orders', [OrderController::class, 'index']);
    Route::get('/orders/{id}', [OrderController::class, 'show']);
});

Route::middleware('staff')->group(static function (): void {
    Route::get('/packing', [PackingController::class, 'index']);
    Route::get('/packing/{id}', [PackingController::class, 'label']);
});

Route::fallback([ShelfController::class, 'missing']);
