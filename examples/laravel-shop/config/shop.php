<?php

declare(strict_types=1);

return [
    // Of the packing desk; without one it stays shut.
    'staff_password' => env('SHOP_STAFF_PASSWORD'),
    // How long an address may be opened for a label after the order.
    'label_days' => 30,
];
