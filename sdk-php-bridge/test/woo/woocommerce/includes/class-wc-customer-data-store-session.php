<?php

declare(strict_types=1);

/** As includes/data-stores/class-wc-customer-data-store-session.php: `save_to_session`, `read`, `set_defaults`. */
final class WC_Customer_Data_Store_Session
{
    public function read(WC_Customer $customer): void
    {
        $stored = (array) WC()->session->get('customer', []);
        if (($stored['id'] ?? null) === (string) $customer->get_id()
            && $stored['date_modified'] === $customer->get_date_modified('edit')) {
            $customer->load(array_intersect_key($stored, ['billing' => 1, 'shipping' => 1]));
        }
        $default = wc_get_customer_default_location();
        foreach (['billing', 'shipping'] as $group) {
            if ($customer->{"get_{$group}_country"}('edit') === '') {
                $customer->load([$group => $default]);
            }
        }
        if ($customer->get_billing_email('edit') === '' && is_user_logged_in()) {
            $customer->load(['billing' => ['email' => wp_get_current_user()->user_email]]);
        }
    }

    public function write(WC_Customer $customer): void
    {
        $data = $customer->get_data();
        $allowed = apply_filters('woocommerce_customer_allowed_session_meta_keys', [], $customer);
        $meta = array_filter($customer->get_meta_data(), static fn ($one): bool => in_array($one->key, $allowed, true));
        WC()->session->set('customer', [
            'id' => (string) $customer->get_id(),
            'date_modified' => $customer->get_date_modified('edit'),
            'billing' => $data['billing'],
            'shipping' => $data['shipping'],
            'meta_data' => array_map(static fn ($one): array => ['key' => $one->key, 'value' => $one->value], $meta),
        ]);
    }

    public function saveMeta(): void
    {
    }
}
