<?php

declare(strict_types=1);

/** As includes/class-wc-customer-download.php: one permission. */
final class WC_Customer_Download
{
    private readonly int $orderId;

    /** @throws Exception where there is none */
    public function __construct(private readonly int $id)
    {
        global $wpdb;
        $sql = "select order_id from {$wpdb->prefix}woocommerce_downloadable_product_permissions where permission_id = %d";
        $this->orderId = (int) ($wpdb->get_var($wpdb->prepare($sql, $id)) ?? throw new Exception('Invalid download.'));
    }

    public function get_id(): int
    {
        return $this->id;
    }

    public function get_order_id(): int
    {
        return $this->orderId;
    }
}
