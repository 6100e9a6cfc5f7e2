<?php

// As includes/wc-core-functions.php (`wc_get_logger`) and includes/wc-order-step-logger-functions.php (9.9 and later).

declare(strict_types=1);

function wc_get_logger(): WC_Logger
{
    return new WC_Logger();
}

/** Keeps country and state of the order, and saves it to note where the steps are. */
function wc_log_order_step(string $message, array $context = []): void
{
    static $source = null;
    $source ??= 'place-order-debug-' . substr(wp_generate_uuid4(), 0, 8);
    $order = $context['order_object'] ?? null;
    unset($context['order_object']);
    if ($order instanceof WC_Order) {
        $context += ['order_id' => $order->get_id(), 'country' => $order->get_billing_country(),
            'state' => $order->get_billing_state()];
        $order->add_meta_data('_debug_log_source', $source, true);
        $order->save();
    }
    wc_get_logger()->log('debug', $message, $context + ['source' => $source, 'last_error' => error_get_last()]);
}
