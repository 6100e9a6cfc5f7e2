<?php

declare(strict_types=1);

return [
    // With Composer, Laravel finds this one by itself.
    Userref\Laravel\UserrefServiceProvider::class,
    App\Providers\ShopServiceProvider::class,
];
