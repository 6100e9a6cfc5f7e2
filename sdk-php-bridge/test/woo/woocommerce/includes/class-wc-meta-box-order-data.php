<?php

declare(strict_types=1);

/** As includes/admin/meta-boxes/class-wc-meta-box-order-data.php: somebody of the shop fills in an order's fields. */
final class WC_Meta_Box_Order_Data
{
    public static function save(int $id): void
    {
        $order = wc_get_order($id);
        foreach ($_POST as $name => $value) {
            $prop = substr((string) $name, 1);
            if (str_starts_with((string) $name, '_') && $order->has_prop($prop)) {
                $order->{"set_{$prop}"}(wc_clean(wp_unslash($value)));
            }
        }
        $order->set_customer_note(wc_sanitize_textarea(wp_unslash($_POST['customer_note'] ?? '')));
        $order->save();
    }
}
