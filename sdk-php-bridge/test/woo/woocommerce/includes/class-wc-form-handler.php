<?php

declare(strict_types=1);

/** As includes/class-wc-form-handler.php: `checkout_action`, `save_address`, `save_account_details`, `pay_action`. */
final class WC_Form_Handler
{
    public static function init(): void
    {
        add_action('wp_loaded', [self::class, 'checkout_action'], 20);
        add_action('template_redirect', [self::class, 'save_address']);
        add_action('template_redirect', [self::class, 'save_account_details']);
        add_action('wp', [self::class, 'pay_action'], 20);
    }

    public static function checkout_action(): void
    {
        if (isset($_GET['add-to-cart'])) {
            WC()->cart->add_to_cart(wc_clean($_GET['add-to-cart']));
        }
        if (isset($_POST['woocommerce_checkout_place_order'])) {
            $result = WC()->checkout()->process_checkout();
            if ($result !== null) {
                wp_redirect($result['redirect']);
                exit;
            }
        }
    }

    public static function save_address(): void
    {
        $isAddress = ($_POST['action'] ?? '') === 'edit_address' && get_current_user_id() !== 0;
        // The fields that it reads are those of the country.
        if (!$isAddress || !isset($_POST['billing_country'])) {
            return;
        }
        $customer = new WC_Customer(get_current_user_id());
        foreach ($_POST as $name => $value) {
            if ($customer->has_prop((string) $name)) {
                $customer->{"set_{$name}"}(wc_clean($value));
            } elseif (str_starts_with((string) $name, 'billing_')) {
                $customer->update_meta_data($name, wc_clean($value));
            }
        }
        do_action('woocommerce_after_save_address_validation', $customer->get_id(), 'billing', [], $customer);
        if (wc_notice_count('error') === 0) {
            $customer->save();
        }
    }

    public static function save_account_details(): void
    {
        if (($_POST['action'] ?? '') !== 'save_account_details' || get_current_user_id() === 0) {
            return;
        }
        $user = (object) ['ID' => get_current_user_id(), 'first_name' => wc_clean($_POST['account_first_name'] ?? ''),
            'last_name' => wc_clean($_POST['account_last_name'] ?? '')];
        $user->user_email = sanitize_email(wp_unslash($_POST['account_email'] ?? ''));
        $errors = new WP_Error();
        do_action_ref_array('woocommerce_save_account_details_errors', [&$errors, &$user]);
        if ($errors->get_error_messages() === [] && $user->user_email !== '') {
            wp_update_user($user);
            $customer = new WC_Customer($user->ID);
            $customer->set_billing_email($user->user_email);
            $customer->set_billing_first_name($user->first_name);
            $customer->set_billing_last_name($user->last_name);
            $customer->save();
        }
    }

    public static function pay_action(): void
    {
        $order = isset($_POST['woocommerce_pay']) ? wc_get_order((int) ($_GET['pay'] ?? 0)) : false;
        if ($order === false || !$order->needs_payment()) {
            return;
        }
        do_action('woocommerce_before_pay_action', $order);
        if (wc_notice_count('error') === 0) {
            WC()->payment_gateways()->process_payment($order->get_id());
        }
    }
}
