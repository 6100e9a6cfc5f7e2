<?php

// For plug-ins of carriers. Those that must run without this plug-in use the filter `userref_with_shipping_address`.

declare(strict_types=1);

use UserrefLogin\Plugin;
use UserrefLogin\Woo\Shop;

/**
 * Runs `$use` while the order's own methods give the delivery address (`get_shipping_…`, `get_address('shipping')`).
 * Keep nothing of it: no meta, no log, no job, no file.
 *
 *     $label = userref_with_shipping_address($order, fn (array $address) => $carrier->label($order));
 *
 * @param callable(array<string, string>, WC_Order): mixed $use
 * @param 'label'|'return'|'question' $reason
 *
 * @return mixed what `$use` gives
 *
 * @throws Userref\Exception\UserrefThrowable when it may not or can not be opened, by its `errorCode()`
 */
function userref_with_shipping_address(WC_Order $order, callable $use, string $reason = 'label'): mixed
{
    return Shop::labels(Plugin::services())->with($order, $use, $reason);
}
