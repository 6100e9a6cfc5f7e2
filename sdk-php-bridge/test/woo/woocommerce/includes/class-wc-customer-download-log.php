<?php

declare(strict_types=1);

/** As includes/class-wc-customer-download-log.php with its data store. */
final class WC_Customer_Download_Log extends WC_Data
{
    protected array $data = ['permission_id' => 0, 'user_id' => 0, 'user_ip_address' => ''];

    protected function objectType(): string
    {
        return 'customer_download_log';
    }

    protected function store(): object
    {
        return $this;
    }

    public function write(self $log): void
    {
        global $wpdb;
        $wpdb->insert("{$wpdb->prefix}wc_download_log", $log->get_data());
    }
}
