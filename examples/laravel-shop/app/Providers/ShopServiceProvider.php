<?php

declare(strict_types=1);

namespace App\Providers;

use App\Listeners\PurgeAddress;
use App\Shop\Basket;
use Illuminate\Support\Facades\Blade;
use Illuminate\Support\Facades\Event;
use Illuminate\Support\Facades\View;
use Illuminate\Support\ServiceProvider;
use Userref\Laravel\UserrefPurge;

final class ShopServiceProvider extends ServiceProvider
{
    public function boot(): void
    {
        Event::listen(UserrefPurge::class, PurgeAddress::class);
        Blade::directive('euro', static fn (string $cents): string
            => "<?php echo number_format(({$cents}) / 100, 2) . ' €'; ?>");
        View::composer('layout', static function ($view): void {
            $view->with('count', count((new Basket(session()->driver()))->items()));
        });
    }
}
