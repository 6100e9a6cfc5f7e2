<?php

declare(strict_types=1);

/** As includes/data-stores/class-wc-customer-data-store.php: user meta `billing_…`, `shipping_…` and the user itself. */
final class WC_Customer_Data_Store
{
    private const OWN = ['first_name', 'last_name'];

    public function read(WC_Customer $customer): void
    {
        $id = $customer->get_id();
        $user = get_userdata($id);
        $data = ['email' => $user->user_email ?? '', 'display_name' => $user->display_name ?? '',
            'date_modified' => (string) get_user_meta($id, 'last_update', true)];
        $meta = [];
        foreach (get_user_meta($id) as $key => $values) {
            $value = maybe_unserialize($values[0]);
            if (in_array($key, self::OWN, true)) {
                $data[$key] = $value;
            } elseif (preg_match('/\A(billing|shipping)_(.+)\z/', $key, $found) === 1 && $customer->has_prop($key)) {
                $data[$found[1]][$found[2]] = $value;
            } else {
                $meta[] = new WC_Meta_Data(1, $key, $value);
            }
        }
        $customer->load($data, $meta);
    }

    public function write(WC_Customer $customer): void
    {
        $id = $customer->get_id();
        $changes = $customer->get_changes();
        $user = array_intersect_key($changes, ['email' => 1, 'display_name' => 1]);
        if ($user !== []) {
            wp_update_user(['ID' => $id, 'user_email' => $customer->get_email('edit'),
                'display_name' => $customer->get_display_name('edit')]);
        }
        foreach (self::OWN as $name) {
            if (isset($changes[$name])) {
                update_user_meta($id, $name, $changes[$name]);
            }
        }
        foreach (['billing', 'shipping'] as $group) {
            foreach ($changes[$group] ?? [] as $field => $value) {
                update_user_meta($id, "{$group}_{$field}", $value);
            }
        }
        $customer->save_meta_data();
        update_user_meta($id, 'last_update', (string) time());
        do_action('woocommerce_update_customer', $id, $customer);
    }

    /** @param list<WC_Meta_Data> $meta */
    public function saveMeta(WC_Customer $customer, array $meta): void
    {
        foreach ($meta as $one) {
            if ($one->value === null) {
                delete_user_meta($customer->get_id(), $one->key);
            } elseif ($one->id === 0 || $one->get_changes() !== []) {
                update_user_meta($customer->get_id(), $one->key, $one->value);
            }
            $one->apply_changes();
        }
    }
}
