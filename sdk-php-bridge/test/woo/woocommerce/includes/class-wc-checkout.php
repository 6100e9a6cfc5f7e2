<?php

declare(strict_types=1);

/**
 * As includes/class-wc-checkout.php, step by step: `get_checkout_fields`, `get_posted_data`, `update_session`,
 * `validate_checkout`, `process_customer`, `create_order`, `process_order_payment`.
 */
final class WC_Checkout
{
    private const FIELDS = ['first_name', 'last_name', 'address_1', 'city', 'postcode', 'country', 'phone', 'email'];
    private static ?self $one = null;

    public static function instance(): self
    {
        if (self::$one === null) {
            self::$one = new self();
            add_action('woocommerce_checkout_billing', [self::$one, 'checkout_form_billing']);
            add_action('woocommerce_checkout_shipping', [self::$one, 'checkout_form_shipping']);
        }

        return self::$one;
    }

    /** @return array<string, array<string, array<string, mixed>>> */
    public function get_checkout_fields(): array
    {
        $fields = ['billing' => [], 'shipping' => [], 'account' => [], 'order' => ['order_comments' => ['type' => 'textarea']]];
        foreach (self::FIELDS as $field) {
            $isNeeded = $field !== 'phone';
            $fields['billing']["billing_{$field}"] = ['required' => $isNeeded, 'label' => $field];
            if ($field !== 'email') {
                $fields['shipping']["shipping_{$field}"] = ['required' => $isNeeded, 'label' => $field];
            }
        }

        return apply_filters('woocommerce_checkout_fields', $fields);
    }

    public function checkout_form_billing(): void
    {
        foreach ($this->get_checkout_fields()['billing'] as $name => $field) {
            $value = (string) WC()->customer->{"get_{$name}"}();
            printf('<input name="%s" value="%s">', esc_attr($name), esc_attr($value));
        }
    }

    /** templates/checkout/form-shipping.php, of which only what comes under the address */
    public function checkout_form_shipping(): void
    {
        do_action('woocommerce_before_order_notes', $this);
        foreach ($this->get_checkout_fields()['order'] as $name => $field) {
            woocommerce_form_field($name, $field);
        }
        do_action('woocommerce_after_order_notes', $this);
    }

    /** @return array<string, mixed> */
    public function get_posted_data(): array
    {
        $data = [
            'createaccount' => 0,
            'payment_method' => wc_clean($_POST['payment_method'] ?? ''),
            'shipping_method' => wc_clean($_POST['shipping_method'] ?? ''),
            'ship_to_different_address' => !empty($_POST['ship_to_different_address']),
        ];
        foreach ($this->get_checkout_fields() as $set => $fields) {
            if ($set === 'shipping' && !$data['ship_to_different_address']) {
                continue;
            }
            foreach (array_keys($fields) as $name) {
                $data[$name] = wc_clean(wp_unslash($_POST[$name] ?? ''));
            }
        }
        if (!$data['ship_to_different_address'] && WC()->cart->needs_shipping_address()) {
            foreach (array_keys($this->get_checkout_fields()['shipping']) as $name) {
                $data[$name] = $data['billing_' . substr($name, 9)] ?? '';
            }
        }

        return apply_filters('woocommerce_checkout_posted_data', $data);
    }

    /** @param array<string, mixed> $data */
    private function update_session(array $data): void
    {
        foreach (self::FIELDS as $field) {
            $billing = $data["billing_{$field}"] ?? null;
            $shipping = $data["shipping_{$field}"] ?? $billing;
            if ($billing !== null) {
                try {
                    WC()->customer->{"set_billing_{$field}"}($billing);
                } catch (WC_Data_Exception) {
                    // As `WC_Data::set_props` does: an address that is none is left out.
                }
            }
            if ($shipping !== null && $field !== 'email') {
                WC()->customer->{"set_shipping_{$field}"}($shipping);
            }
        }
        WC()->customer->save();
        WC()->session->set('chosen_payment_method', $data['payment_method']);
        WC()->cart->calculate_totals();
    }

    /** @param array<string, mixed> $data */
    private function validate_checkout(array $data, WP_Error $errors): void
    {
        foreach ($this->get_checkout_fields() as $set => $fields) {
            foreach ($set === 'shipping' && !$data['ship_to_different_address'] ? [] : $fields as $name => $field) {
                $value = (string) ($data[$name] ?? '');
                if (!empty($field['required']) && $value === '') {
                    $errors->add("{$name}_required", "<strong>{$field['label']}</strong> is a required field.");
                }
                if ($name === 'billing_email' && $value !== '' && !is_email($value)) {
                    $errors->add("{$name}_validation", "<strong>{$value}</strong> is not a valid email address.");
                }
            }
        }
        if (WC()->cart->needs_shipping() && empty($data['shipping_country'])) {
            $errors->add('shipping', 'Please enter an address to continue.');
        }
        do_action('woocommerce_after_checkout_validation', $data, $errors);
    }

    /** @param array<string, mixed> $data */
    private function process_customer(array $data): void
    {
        $id = (int) apply_filters('woocommerce_checkout_customer_id', get_current_user_id());
        if ($id > 0 && apply_filters('woocommerce_checkout_update_customer_data', true, $this)) {
            $customer = new WC_Customer($id);
            foreach ($data as $name => $value) {
                if ($customer->has_prop($name)) {
                    $customer->{"set_{$name}"}($value);
                } elseif (preg_match('/\A(billing|shipping)_/', $name) === 1) {
                    $customer->update_meta_data($name, $value);
                }
            }
            do_action('woocommerce_checkout_update_customer', $customer, $data);
            $customer->save();
        }
        do_action('woocommerce_checkout_update_user_meta', $id, $data);
    }

    /** @param array<string, mixed> $data */
    public function create_order(array $data): int|WP_Error
    {
        $made = apply_filters('woocommerce_create_order', null, $this);
        if ($made) {
            return $made;
        }
        try {
            $order = new WC_Order();
            foreach ($data as $name => $value) {
                if ($order->has_prop($name)) {
                    $order->{"set_{$name}"}($value);
                } elseif (preg_match('/\A(billing|shipping)_/', $name) === 1) {
                    $order->update_meta_data("_{$name}", $value);
                }
            }
            $order->set_created_via('checkout');
            $order->set_customer_id((int) apply_filters('woocommerce_checkout_customer_id', get_current_user_id()));
            $order->set_customer_ip_address(WC_Geolocation::get_ip_address());
            $order->set_customer_user_agent(wc_get_user_agent());
            $order->set_customer_note($data['order_comments'] ?? '');
            $order->set_payment_method((string) $data['payment_method']);
            WC()->cart->fill($order);
            do_action('woocommerce_checkout_create_order', $order, $data);
            $id = $order->save();
            do_action('woocommerce_checkout_update_order_meta', $id, $data);
            do_action('woocommerce_checkout_order_created', $order);

            return $id;
        } catch (Exception $error) {
            return new WP_Error('checkout-error', $error->getMessage());
        }
    }

    /** @return array<string, mixed>|null what the method answered */
    public function process_checkout(): ?array
    {
        try {
            if (!wp_verify_nonce($_REQUEST['woocommerce-process-checkout-nonce'] ?? '', 'woocommerce-process_checkout')) {
                throw new Exception('We were unable to process your order, please try again.');
            }
            wc_log_order_step('[Shortcode #1] Place Order flow initiated');
            do_action('woocommerce_before_checkout_process');
            do_action('woocommerce_checkout_process');
            $errors = new WP_Error();
            $data = $this->get_posted_data();
            $this->update_session($data);
            $this->validate_checkout($data, $errors);
            foreach ($errors->errors as $code => $messages) {
                foreach ($messages as $message) {
                    wc_add_notice($message, 'error');
                }
            }
            if (wc_notice_count('error') > 0) {
                return null;
            }
            $this->process_customer($data);
            $id = $this->create_order($data);
            if (is_wp_error($id)) {
                throw new Exception($id->get_error_message());
            }
            $order = wc_get_order($id);
            wc_log_order_step('[Shortcode #4] Validated/Created customer and created order', ['order_object' => $order]);
            do_action('woocommerce_checkout_order_processed', $id, $data, $order);
            WC()->session->set('order_awaiting_payment', $id);
            $result = WC()->payment_gateways()->process_payment($id);
            WC()->cart->empty_cart();

            return $result + ['order_id' => $id];
        } catch (Exception $error) {
            wc_log_order_step('[Shortcode #EXPECTEDFAIL] ' . $error->getMessage(), ['trace' => $error->getTraceAsString()]);
            wc_add_notice($error->getMessage(), 'error');

            return null;
        }
    }
}
