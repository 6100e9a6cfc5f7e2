<?php

declare(strict_types=1);

/**
 * As includes/data-stores/class-wc-customer-data-store-session.php: `save_to_session`, `read`, `set_defaults`. Billing
 * stands under the fields' own names. A visitor of whom nothing is known is not written (9.8 and later), which leaves
 * what the session held.
 */
final class WC_Customer_Data_Store_Session
{
    private const FIELDS = ['first_name', 'last_name', 'company', 'address_1', 'address_2', 'city', 'state', 'postcode',
        'country', 'phone'];

    public function read(WC_Customer $customer): void
    {
        $stored = (array) WC()->session->get('customer', []);
        if (($stored['id'] ?? null) === (string) $customer->get_id()
            && $stored['date_modified'] === $customer->get_date_modified('edit')) {
            foreach (self::props() as $key => $prop) {
                if (!empty($stored[$key])) {
                    $customer->{"set_{$prop}"}($stored[$key]);
                }
            }
            foreach ($stored['meta_data'] ?? [] as $meta) {
                $customer->add_meta_data($meta['key'], $meta['value'], true);
            }
        }
        self::setDefaults($customer);
    }

    public function write(WC_Customer $customer): void
    {
        $data = self::dataOf($customer);
        $nobody = new WC_Customer();
        self::setDefaults($nobody);
        if ($data !== self::dataOf($nobody)) {
            WC()->session->set('customer', $data);
        }
    }

    public function saveMeta(): void
    {
    }

    /** @return array<string, string> prop by key */
    private static function props(): array
    {
        $props = ['email' => 'billing_email'];
        foreach (self::FIELDS as $field) {
            $props += [$field => "billing_{$field}", "shipping_{$field}" => "shipping_{$field}"];
        }

        return $props;
    }

    private static function setDefaults(WC_Customer $customer): void
    {
        $default = wc_get_customer_default_location();
        foreach (['billing', 'shipping'] as $group) {
            if ($customer->{"get_{$group}_country"}() === '') {
                $customer->{"set_{$group}_country"}($default['country']);
                $customer->{"set_{$group}_state"}($default['state']);
            }
        }
        if ($customer->get_billing_email() === '' && is_user_logged_in()) {
            $customer->set_billing_email(wp_get_current_user()->user_email);
        }
    }

    /** @return array<string, mixed> */
    private static function dataOf(WC_Customer $customer): array
    {
        $data = ['id' => (string) $customer->get_id(), 'date_modified' => $customer->get_date_modified('edit')];
        foreach (self::props() as $key => $prop) {
            $data[$key] = (string) $customer->{"get_{$prop}"}('edit');
        }
        $allowed = apply_filters('woocommerce_customer_allowed_session_meta_keys', [], $customer);
        $meta = array_filter($customer->get_meta_data(), static fn ($one): bool => in_array($one->key, $allowed, true));

        return $data + ['meta_data' => array_values(array_map(
            static fn ($one): array => ['key' => $one->key, 'value' => $one->value],
            $meta,
        ))];
    }
}
