<?php

declare(strict_types=1);

/** As includes/class-wc-order.php: `save`, `get_address`, `get_formatted_…`, status transitions, notes. */
final class WC_Order extends WC_Abstract_Order
{
    private string $statusBefore = '';

    public function __construct(int $id = 0)
    {
        $address = array_fill_keys(self::ADDRESS, '');
        $this->data = ['status' => 'pending', 'currency' => 'EUR', 'total' => '0', 'customer_id' => 0,
            'customer_ip_address' => '', 'customer_user_agent' => '', 'customer_note' => '', 'created_via' => '',
            'cart_hash' => '', 'payment_method' => '', 'payment_method_title' => '', 'order_key' => '',
            'date_created' => null, 'shipping_total' => '0', 'items' => [],
            'billing' => $address + ['email' => ''], 'shipping' => $address];
        if ($id > 0) {
            $this->id = $id;
            [$data, $meta] = WC_Order_Store::read($id);
            $this->data = array_replace($this->data, $data);
            $this->meta = $meta;
        }
        $this->statusBefore = $this->id > 0 ? $this->data['status'] : '';
    }

    public function get_status_before(): string
    {
        return $this->statusBefore;
    }

    protected function objectType(): string
    {
        return 'order';
    }

    protected function store(): object
    {
        return new WC_Order_Store();
    }

    public function save(): int
    {
        // `maybe_set_user_billing_email`.
        $user = get_userdata((int) $this->get_customer_id('edit'));
        if ($this->get_billing_email('edit') === '' && $user !== false) {
            $this->set_billing_email($user->user_email);
        }
        try {
            parent::save();
        } catch (Exception $error) {
            // `handle_exception`.
            wc_get_logger()->log('error', "Error saving order ID {$this->id}.", ['order' => $this, 'error' => $error]);
            $this->add_order_note("Error saving order ID {$this->id}. {$error->getMessage()}");
        }
        $this->transition();

        return $this->id;
    }

    /** `status_transition`: after everything is stored. */
    private function transition(): void
    {
        [$from, $to] = [$this->statusBefore, $this->get_status('edit')];
        $this->statusBefore = $to;
        if ($from !== $to && $to !== 'checkout-draft') {
            do_action("woocommerce_order_status_{$to}", $this->id, $this);
            do_action('woocommerce_order_status_changed', $this->id, $from, $to, $this);
        }
    }

    /** @param array<string, string> $address */
    public function set_address(string $group, array $address): void
    {
        foreach ($address as $field => $value) {
            if ($this->has_prop("{$group}_{$field}")) {
                $this->{"set_{$group}_{$field}"}($value);
            }
        }
    }

    public function update_status(string $status): void
    {
        $this->set_status($status);
        $this->save();
    }

    public function delete(): void
    {
        WC_Order_Store::delete($this->id);
    }

    public function payment_complete(): void
    {
        $this->update_status('processing');
        do_action('woocommerce_payment_complete', $this->id, '');
    }

    /** @return array<string, string> */
    public function get_address(string $type = 'billing'): array
    {
        $address = array_merge($this->data[$type], $this->changes[$type] ?? []);

        return apply_filters('woocommerce_get_order_address', $address, $type, $this);
    }

    public function get_formatted_billing_address(): string
    {
        return $this->formatted('billing');
    }

    public function get_formatted_shipping_address(): string
    {
        return $this->formatted('shipping');
    }

    private function formatted(string $type): string
    {
        $raw = apply_filters("woocommerce_order_formatted_{$type}_address", $this->get_address($type), $this);
        $text = WC()->countries->get_formatted_address($raw);

        return apply_filters("woocommerce_order_get_formatted_{$type}_address", $text, $raw, $this);
    }

    /** @return list<string> names of lines of one type */
    public function get_items(string $type = 'line_item'): array
    {
        return $this->getProp('items', 'edit')[$type] ?? [];
    }

    public function get_order_number(): string
    {
        return (string) $this->id;
    }

    public function has_status(string|array $status): bool
    {
        return in_array($this->get_status('edit'), (array) $status, true);
    }

    public function needs_payment(): bool
    {
        return $this->has_status(['pending', 'failed', 'checkout-draft']) && (float) $this->get_total('edit') > 0;
    }

    public function get_checkout_order_received_url(): string
    {
        return home_url("/checkout/?order-received={$this->id}");
    }

    public function add_order_note(string $note): int
    {
        return (int) wp_insert_comment(['comment_post_ID' => $this->id, 'comment_author' => 'WooCommerce',
            'comment_author_email' => 'woocommerce@site.invalid', 'comment_content' => $note,
            'comment_agent' => 'WooCommerce', 'comment_type' => 'order_note', 'comment_approved' => 1]);
    }
}
