<?php

declare(strict_types=1);

/**
 * As src/Internal/DataStores/Orders/OrdersTableDataStore.php (HPOS): `create`, `update`, `update_address_index_meta`,
 * and the tables that they write to.
 */
final class WC_Order_Store
{
    private const COLUMNS = ['status' => 'status', 'currency' => 'currency', 'total' => 'total_amount',
        'customer_id' => 'customer_id', 'payment_method' => 'payment_method', 'customer_ip_address' => 'ip_address',
        'customer_user_agent' => 'user_agent', 'customer_note' => 'customer_note'];
    private const OPERATIONAL = ['created_via', 'cart_hash', 'order_key'];
    private static bool $isWriting = false;

    public static function exists(int $id): bool
    {
        global $wpdb;

        return (bool) $wpdb->get_var($wpdb->prepare("select 1 from {$wpdb->prefix}wc_orders where id = %d", $id));
    }

    public static function delete(int $id): void
    {
        global $wpdb;
        do_action('woocommerce_before_delete_order', $id, new WC_Order($id));
        $wpdb->delete("{$wpdb->prefix}wc_orders", ['id' => $id]);
        foreach (['wc_order_addresses', 'wc_order_operational_data', 'wc_orders_meta', 'woocommerce_order_items'] as $table) {
            $wpdb->delete("{$wpdb->prefix}{$table}", ['order_id' => $id]);
        }
    }

    /** @return list<int> */
    public static function ids(array $query): array
    {
        global $wpdb;
        $limit = (int) ($query['limit'] ?? 10);
        $offset = $limit * ((int) ($query['paged'] ?? 1) - 1);
        $statuses = array_map(static fn (string $one): string => preg_replace('/\Awc-/', '', $one), $query['status']);
        $marks = implode(',', array_fill(0, count($statuses), '%s'));
        $column = isset($query['billing_email']) ? 'billing_email' : 'customer_id';
        $types = (array) ($query['type'] ?? 'shop_order');
        $typeMarks = implode(',', array_fill(0, count($types), '%s'));
        $sql = "select id from {$wpdb->prefix}wc_orders where {$column} = %s and status in ({$marks}) and type in ({$typeMarks})
            order by id limit %d offset %d";

        return array_map('intval', $wpdb->get_col(
            $wpdb->prepare($sql, [(string) $query[$column], ...$statuses, ...$types, $limit, $offset])
        ));
    }

    /** @return array{array<string, mixed>, list<WC_Meta_Data>} */
    public static function read(int $id): array
    {
        global $wpdb;
        $row = (array) $wpdb->get_row($wpdb->prepare("select * from {$wpdb->prefix}wc_orders where id = %d", $id), ARRAY_A);
        $data = ['date_created' => new WC_Date_Time($row['date_created_gmt'] . ' UTC')];
        foreach (self::COLUMNS as $prop => $column) {
            $data[$prop] = $prop === 'customer_id' ? (int) $row[$column] : (string) $row[$column];
        }
        $addresses = "select * from {$wpdb->prefix}wc_order_addresses where order_id = %d";
        foreach ($wpdb->get_results($wpdb->prepare($addresses, $id), ARRAY_A) as $address) {
            $fields = array_map('strval', array_diff_key($address, ['id' => 1, 'order_id' => 1, 'address_type' => 1]));
            $data[$address['address_type']] = $fields;
        }
        $data['billing']['email'] = (string) $row['billing_email'];
        $operational = "select * from {$wpdb->prefix}wc_order_operational_data where order_id = %d";
        $row = (array) $wpdb->get_row($wpdb->prepare($operational, $id), ARRAY_A);
        $data += array_map('strval', array_intersect_key($row, array_flip(self::OPERATIONAL)));
        $items = "select * from {$wpdb->prefix}woocommerce_order_items where order_id = %d";
        foreach ($wpdb->get_results($wpdb->prepare($items, $id)) as $item) {
            $data['items'][$item->order_item_type][] = $item->order_item_name;
        }
        $meta = "select * from {$wpdb->prefix}wc_orders_meta where order_id = %d";

        return [$data, array_map(static fn (object $one): WC_Meta_Data
            => new WC_Meta_Data((int) $one->id, $one->meta_key, maybe_unserialize($one->meta_value)),
            $wpdb->get_results($wpdb->prepare($meta, $id)))];
    }

    public function write(WC_Order $order): void
    {
        global $wpdb;
        $isNew = $order->get_id() === 0;
        $wasDraft = self::isDraft($order->get_status_before());
        self::$isWriting = true;
        if ($order->get_order_key('edit') === '') {
            $order->set_order_key('wc_order_' . wp_generate_password(13, false));
        }
        $data = $order->get_data();
        $row = ['type' => 'shop_order', 'billing_email' => $data['billing']['email']];
        foreach (self::COLUMNS as $prop => $column) {
            $row[$column] = $data[$prop];
        }
        if ($isNew) {
            $wpdb->insert("{$wpdb->prefix}wc_orders", $row + ['date_created_gmt' => gmdate('Y-m-d H:i:s')]);
            $order->set_id($wpdb->insert_id);
            $order->set_date_created(new WC_Date_Time());
        } else {
            $wpdb->update("{$wpdb->prefix}wc_orders", $row, ['id' => $order->get_id()]);
        }
        $this->writeParts($order, $data);
        self::$isWriting = false;
        $order->apply_changes();
        if (get_option('woocommerce_custom_orders_table_data_sync_enabled') === 'yes') {
            self::backfill($order->get_id());
        }
        // `create` and `update`: a draft is no new order before it is one.
        $isDraft = self::isDraft($order->get_status('edit'));
        if (!$isNew && !$wasDraft || $isDraft && !$isNew) {
            do_action('woocommerce_update_order', $order->get_id(), $order);
        } elseif (!$isDraft) {
            do_action('woocommerce_new_order', $order->get_id(), $order);
        }
    }

    /** `backfill_post_record`: shops that keep both of WooCommerce's stores alike. */
    private static function backfill(int $id): void
    {
        $data = (new WC_Order($id))->get_data();
        foreach (['billing', 'shipping'] as $group) {
            foreach ($data[$group] as $field => $value) {
                update_post_meta($id, "_{$group}_{$field}", $value);
            }
        }
        foreach (['customer_ip_address', 'customer_user_agent', 'customer_note'] as $prop) {
            update_post_meta($id, "_{$prop}", $data[$prop]);
        }
    }

    private static function isDraft(string $status): bool
    {
        return in_array($status, ['checkout-draft', 'auto-draft'], true);
    }

    /** @param array<string, mixed> $data */
    private function writeParts(WC_Order $order, array $data): void
    {
        global $wpdb;
        $id = $order->get_id();
        $changes = $order->get_changes();
        foreach (['billing', 'shipping'] as $type) {
            $wpdb->delete("{$wpdb->prefix}wc_order_addresses", ['order_id' => $id, 'address_type' => $type]);
            $wpdb->insert("{$wpdb->prefix}wc_order_addresses", ['order_id' => $id, 'address_type' => $type]
                + array_filter($data[$type]));
            // `update_address_index_meta`: by `get_address`, which is filtered.
            if (isset($changes[$type]) || $order->get_meta("_{$type}_address_index") === '') {
                $order->update_meta_data("_{$type}_address_index", implode(' ', $order->get_address($type)));
            }
        }
        $operational = array_intersect_key($data, array_flip(self::OPERATIONAL));
        $wpdb->replace("{$wpdb->prefix}wc_order_operational_data", ['order_id' => $id] + $operational);
        if (isset($changes['items'])) {
            $wpdb->delete("{$wpdb->prefix}woocommerce_order_items", ['order_id' => $id]);
            foreach ($data['items'] as $type => $names) {
                foreach ($names as $name) {
                    $wpdb->insert("{$wpdb->prefix}woocommerce_order_items", ['order_id' => $id,
                        'order_item_type' => $type, 'order_item_name' => $name]);
                }
            }
        }
        $order->save_meta_data();
    }

    /** @param list<WC_Meta_Data> $meta */
    public function saveMeta(WC_Order $order, array $meta): void
    {
        global $wpdb;
        $table = "{$wpdb->prefix}wc_orders_meta";
        $isTouched = false;
        foreach ($meta as $one) {
            $row = ['order_id' => $order->get_id(), 'meta_key' => $one->key, 'meta_value' => maybe_serialize($one->value)];
            if ($one->value === null) {
                $isTouched = $wpdb->delete($table, ['id' => $one->id]) > 0 || $isTouched;
            } elseif ($one->id === 0) {
                $wpdb->insert($table, $row);
                $one->id = $wpdb->insert_id;
                $isTouched = true;
            } elseif ($one->get_changes() !== []) {
                $wpdb->update($table, $row, ['id' => $one->id]);
                $isTouched = true;
            }
            $one->apply_changes();
        }
        // `after_meta_change`: meta that is saved by itself saves the order.
        if ($isTouched && !self::$isWriting && $order->get_changes() === []) {
            $order->save();
        }
    }
}
