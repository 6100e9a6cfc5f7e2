<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Exception\UserrefThrowable;
use UserrefLogin\Part;

/**
 * The checkout by shortcode (`WC_Checkout`, the same hooks in 7.8 and 11): no address fields, the address shown live,
 * and an order that holds constants and sealed records.
 */
final class ClassicCheckout implements Part
{
    /** @var list<string> text fields of other plug-ins */
    private array $dropped = [];

    public function __construct(
        private readonly Customers $customers,
        private readonly Options $options,
        private readonly Delivery $delivery,
        private readonly DeliveryPanel $panel,
        private readonly Sealer $sealer,
        private readonly FixedChoices $choices,
    ) {
    }

    public function register(): void
    {
        add_action('woocommerce_before_checkout_process', $this->forgetText(...), PHP_INT_MIN);
        add_filter('woocommerce_checkout_fields', $this->fields(...), PHP_INT_MAX);
        add_filter('woocommerce_cart_needs_shipping_address', $this->noOtherAddress(...), PHP_INT_MAX);
        add_action('woocommerce_checkout_billing', $this->showPanel(...), 1);
        add_filter('woocommerce_checkout_posted_data', $this->postedData(...), PHP_INT_MAX);
        add_action('woocommerce_after_checkout_validation', $this->validate(...), PHP_INT_MAX, 2);
        add_filter('woocommerce_checkout_update_customer_data', $this->keepAccount(...), PHP_INT_MAX);
        // Before the order is saved for the first time, and well before payment.
        add_action('woocommerce_checkout_create_order', $this->seal(...), PHP_INT_MAX);
        // The last step before payment: `WC_Checkout::process_checkout` catches what is thrown here.
        add_action('woocommerce_checkout_order_processed', $this->insist(...), 1, 3);
        add_action('woocommerce_before_pay_action', $this->beforeLaterPayment(...), 1);
    }

    public function fields(mixed $fields): mixed
    {
        if (!is_array($fields) || !$this->customers->isVisitor()) {
            return $fields;
        }
        $fields['billing'] = [];
        $fields['shipping'] = [];
        $fields['account'] = [];
        foreach ($fields as $set => $ofSet) {
            $fields[$set] = array_filter((array) $ofSet, $this->choices->isField(...), ARRAY_FILTER_USE_BOTH);
            array_push($this->dropped, ...array_keys(array_diff_key((array) $ofSet, $fields[$set])));
        }
        if (isset($fields['order']['order_comments'])) {
            if ($this->options->keepsNotes()) {
                $fields['order']['order_comments']['description'] = __(
                    'The shop stores this text as you write it. Leave out names, addresses and phone numbers.',
                    'userref-login'
                );
            } else {
                unset($fields['order']['order_comments']);
            }
        }

        return $fields;
    }

    /** What a page posts in text fields that it should not have: gone before other plug-ins look. */
    public function forgetText(): void
    {
        if (!$this->customers->isVisitor()) {
            return;
        }
        WC()->checkout()->get_checkout_fields();
        foreach ($this->dropped as $name) {
            $_POST[$name] = '';
            $_REQUEST[$name] = '';
        }
    }

    /** Takes «Ship to a different address?» off the page. */
    public function noOtherAddress(mixed $needs): mixed
    {
        return is_checkout() && !wp_is_json_request() && $this->customers->isVisitor() ? false : $needs;
    }

    /** In place of WooCommerce's own fields and their heading. */
    public function showPanel(): void
    {
        if (!$this->customers->isVisitor()) {
            return;
        }
        remove_action('woocommerce_checkout_billing', [WC()->checkout(), 'checkout_form_billing']);
        echo $this->panel->html(); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped
    }

    /** The last word on what the checkout takes for posted: constants, and the country that the person shares. */
    public function postedData(mixed $data): mixed
    {
        if (!is_array($data) || !$this->customers->isVisitor()) {
            return $data;
        }
        foreach (array_keys($data) as $name) {
            if (preg_match('/\A(?:billing|shipping)_(?!method\z)|\Aaccount_/', (string) $name) === 1) {
                unset($data[$name]);
            }
        }
        try {
            $country = $this->delivery->country();
        } catch (UserrefThrowable) {
            // `validate` refuses with the reason.
            $country = '';
        }
        foreach (SealedAddress::of($country) as $field => $value) {
            $data["billing_{$field}"] = $value;
            $data["shipping_{$field}"] = $value;
        }
        $data['billing_email'] = $this->customers->placeholderOf(get_current_user_id());
        $data['createaccount'] = 0;
        $data['ship_to_different_address'] = false;
        if (!$this->options->keepsNotes()) {
            $data['order_comments'] = '';
        }

        return $data;
    }

    public function validate(mixed $data, mixed $errors): void
    {
        if (!$errors instanceof \WP_Error || !$this->customers->isVisitor()) {
            return;
        }
        try {
            $this->delivery->values();
        } catch (UserrefThrowable $error) {
            // What WooCommerce says of a missing country would send people looking for a field.
            foreach ($errors->get_error_codes() as $code) {
                $errors->remove($code);
            }
            $errors->add('userref_delivery', $this->panel->problemHtml($error));
        }
    }

    public function keepAccount(mixed $isUpdated): mixed
    {
        return $this->customers->isVisitor() ? false : $isUpdated;
    }

    /** @throws CheckoutRefused which `WC_Checkout::create_order` turns into a notice, with no order saved */
    public function seal(mixed $order): void
    {
        if ($order instanceof \WC_Order && $this->customers->isOurs((int) $order->get_customer_id('edit'))) {
            $this->sealer->seal($order);
        }
    }

    /**
     * For orders that another plug-in made (`woocommerce_create_order`) without the hook above.
     *
     * @throws CheckoutRefused
     */
    public function insist(mixed $orderId, mixed $data = null, mixed $order = null): void
    {
        $order = $order instanceof \WC_Order ? $order : wc_get_order($orderId);
        if ($order instanceof \WC_Order && $this->customers->isOurs((int) $order->get_customer_id('edit'))) {
            $this->sealOnce($order);
        }
    }

    /** The page that pays an order made earlier (`WC_Form_Handler::pay_action`): a notice of an error stops it. */
    public function beforeLaterPayment(mixed $order): void
    {
        try {
            if ($order instanceof \WC_Order && $this->customers->isOurs((int) $order->get_customer_id('edit'))) {
                $this->sealOnce($order);
            }
        } catch (CheckoutRefused $refusal) {
            wc_add_notice(esc_html($refusal->getMessage()), 'error');
        }
    }

    /** @throws CheckoutRefused */
    private function sealOnce(\WC_Order $order): void
    {
        if (!$this->sealer->isSealed($order)) {
            $this->sealer->seal($order);
            $order->save();
        }
    }
}
