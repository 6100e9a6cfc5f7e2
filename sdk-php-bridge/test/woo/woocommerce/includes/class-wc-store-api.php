<?php

declare(strict_types=1);

use Automattic\WooCommerce\Blocks\Domain\Services\CheckoutFields;
use Automattic\WooCommerce\Blocks\Package;
use Automattic\WooCommerce\StoreApi\Exceptions\RouteException;

/**
 * As src/StoreApi/Routes/V1: `Cart`, `CartUpdateCustomer`, `Checkout` and `Batch`, with the checks that run before a
 * route is called (`AbstractAddressSchema::validate_callback`), and in a route (`OrderController`).
 */
final class WC_Store_Api
{
    private const ADDRESS = ['first_name', 'last_name', 'company', 'address_1', 'address_2', 'city', 'state', 'postcode',
        'country', 'phone'];

    public static function register(): void
    {
        // `Authentication::check_authentication`: the cookie alone says who is there.
        add_filter('rest_authentication_errors', static fn (mixed $result): mixed
            => str_contains($_SERVER['REQUEST_URI'] ?? '', '/wc/store') && is_user_logged_in() ? true : $result);
        $address = ['type' => 'object', 'validate_callback' => self::validateAddress(...)];
        $batch = ['v1' => true];
        self::route('/cart', 'GET', self::getCart(...));
        self::route('/cart/update-customer', 'POST', self::updateCustomer(...), [
            'billing_address' => $address, 'shipping_address' => $address,
        ], $batch);
        // `CartExtensions`: calls what a plug-in registered for its namespace, such as one that keeps it in the session.
        self::route('/cart/extensions', 'POST', static function (WP_REST_Request $request): WP_REST_Response {
            WC()->session->set('extension_' . $request['namespace'], $request['data']);

            return new WP_REST_Response(self::cart());
        }, ['namespace' => ['type' => 'string'], 'data' => ['type' => 'object']], $batch);
        self::route('/checkout', 'GET', self::getCheckout(...));
        self::route('/checkout', 'POST', self::postCheckout(...), [
            'billing_address' => $address + ['required' => true], 'shipping_address' => $address,
            'customer_note' => ['type' => 'string'], 'payment_method' => ['type' => 'string'],
            'extensions' => ['type' => 'object'], 'additional_fields' => ['type' => 'object'],
            'payment_data' => ['type' => 'array'],
        ], $batch);
        foreach (['PUT', 'PATCH'] as $method) {
            self::route('/checkout', $method, self::putCheckout(...), ['order_notes' => ['type' => 'string']], $batch);
        }
        self::route('/batch', 'POST', static fn (WP_REST_Request $request): mixed
            => rest_get_server()->serve_batch_request_v1($request), ['requests' => ['type' => 'array', 'required' => true]]);
    }

    public static function route(
        string $path,
        string $method,
        callable $answer,
        array $args = [],
        array|bool $batch = false,
    ): void {
        register_rest_route('wc/store/v1', $path, [
            'methods' => $method,
            'permission_callback' => '__return_true',
            'args' => $args,
            'allow_batch' => $batch,
            'callback' => static function (WP_REST_Request $request) use ($answer, $method): mixed {
                wc_load_cart();
                $nonce = (string) ($request->get_header('Nonce') ?? '');
                if ($method !== 'GET' && !wp_verify_nonce($nonce, 'wc_store_api')) {
                    return new WP_Error('woocommerce_rest_invalid_nonce', 'Nonce is invalid.', ['status' => 403]);
                }
                try {
                    return $answer($request);
                } catch (RouteException $error) {
                    return new WP_Error($error->errorCode, $error->getMessage(), ['status' => $error->getCode()]);
                } catch (Exception $error) {
                    return new WP_Error('woocommerce_rest_unknown_server_error', $error->getMessage(), ['status' => 500]);
                }
            },
        ]);
    }

    public static function validateAddress(mixed $address): bool|WP_Error
    {
        $address = (array) $address;
        $country = (string) ($address['country'] ?? '');
        if (($address['postcode'] ?? '') !== '' && !WC_Validation::is_postcode((string) $address['postcode'], $country)) {
            return new WP_Error('invalid_postcode', 'The provided postcode / ZIP is not valid');
        }
        $isEmail = ($address['email'] ?? '') === '' || is_email($address['email']);

        return $isEmail ? true : new WP_Error('invalid_email', 'The provided email address is not valid');
    }

    /** @return array<string, mixed> `CartSchema::get_item_response` */
    public static function cart(): array
    {
        $customer = WC()->customer;
        $addresses = [];
        foreach (['billing', 'shipping'] as $type) {
            foreach (self::ADDRESS as $field) {
                $addresses["{$type}_address"][$field] = $customer->{"get_{$type}_{$field}"}();
            }
            $addresses["{$type}_address"] += self::fields()->get_all_fields_from_object($customer, $type);
        }

        return $addresses + ['items' => WC()->cart->get_cart(), 'shipping' => WC()->cart->shippingCost()];
    }

    private static function fields(): CheckoutFields
    {
        return Package::container()->get(CheckoutFields::class);
    }

    private static function getCart(): WP_REST_Response
    {
        return new WP_REST_Response(self::cart());
    }

    private static function updateCustomer(WP_REST_Request $request): WP_REST_Response
    {
        self::setCustomer($request);
        do_action('woocommerce_store_api_cart_update_customer_from_request', WC()->customer, $request);
        WC()->customer->save();

        return new WP_REST_Response(self::cart());
    }

    public static function setCustomer(WP_REST_Request $request): void
    {
        $customer = WC()->customer;
        $billing = (array) ($request['billing_address'] ?? []);
        $shipping = (array) ($request['shipping_address'] ?? $billing);
        foreach (['billing' => $billing, 'shipping' => $shipping] as $type => $address) {
            foreach ($address as $field => $value) {
                if ($customer->has_prop("{$type}_{$field}")) {
                    $customer->{"set_{$type}_{$field}"}(wc_clean($value));
                } elseif (str_contains((string) $field, '/')) {
                    // `persist_field_for_customer`, and from there into the session.
                    $customer->update_meta_data("_wc_{$type}/{$field}", wc_clean($value));
                }
            }
        }
        foreach ((array) ($request['additional_fields'] ?? []) as $field => $value) {
            $customer->update_meta_data("_wc_other/{$field}", wc_clean($value));
        }
    }

    /** WooCommerce before 10.8 makes a draft as soon as the checkout is looked at. */
    private static function getCheckout(): WP_REST_Response
    {
        $order = self::draft();

        return new WP_REST_Response(['order_id' => $order->get_id(), 'billing_address' => $order->get_address('billing')]);
    }

    private static function putCheckout(WP_REST_Request $request): WP_REST_Response
    {
        WC()->session->set('store_api_customer_note', wc_sanitize_textarea($request['order_notes'] ?? ''));
        foreach ((array) ($request['additional_fields'] ?? []) as $field => $value) {
            WC()->customer->update_meta_data("_wc_other/{$field}", wc_clean($value));
        }
        WC()->customer->save();

        return new WP_REST_Response(self::cart());
    }

    /** `OrderController::create_order_from_cart`, `update_order_from_cart`, and the hook that follows. */
    private static function draft(): WC_Order
    {
        $order = wc_get_order(WC()->session->get('store_api_draft_order')) ?: new WC_Order();
        $order->set_status('checkout-draft');
        $order->set_created_via('store-api');
        WC()->cart->fill($order);
        foreach (['billing', 'shipping'] as $type) {
            foreach (self::ADDRESS as $field) {
                $order->{"set_{$type}_{$field}"}(WC()->customer->{"get_{$type}_{$field}"}());
            }
        }
        foreach (['billing', 'shipping'] as $type) {
            foreach (self::fields()->get_all_fields_from_object(WC()->customer, $type) as $field => $value) {
                $order->update_meta_data("_wc_{$type}/{$field}", $value);
            }
        }
        $order->set_billing_email(WC()->customer->get_billing_email());
        $order->set_customer_id(get_current_user_id());
        $order->set_customer_ip_address(WC_Geolocation::get_ip_address());
        $order->set_customer_user_agent(wc_get_user_agent());
        $order->save();
        do_action('woocommerce_store_api_checkout_update_order_meta', $order);
        WC()->session->set('store_api_draft_order', $order->get_id());

        return $order;
    }

    private static function postCheckout(WP_REST_Request $request): WP_REST_Response
    {
        self::setCustomer($request);
        do_action('woocommerce_store_api_checkout_update_customer_from_request', WC()->customer, $request);
        WC()->customer->save();
        $order = self::draft();
        $order->set_customer_note(wc_sanitize_textarea($request['customer_note'] ?? ''));
        $order->set_payment_method((string) $request['payment_method']);
        WC_Store_Api_Orders::keepFields($order, $request);
        wc_log_order_step('[Store API #5] Persisted additional fields', ['order_object' => $order]);
        do_action('woocommerce_store_api_checkout_update_order_from_request', $order, $request);
        $order->save();
        self::syncCustomer($order);
        self::validate($order);
        $order->update_status('pending');
        do_action('woocommerce_store_api_checkout_order_processed', $order);
        $result = WC()->payment_gateways()->process_payment($order->get_id());
        WC()->cart->empty_cart();
        WC()->session->set('store_api_draft_order', 0);

        return new WP_REST_Response(['order_id' => $order->get_id(), 'payment_result' => $result]);
    }

    /** `sync_customer_data_with_order` */
    public static function syncCustomer(WC_Order $order): void
    {
        if ($order->get_customer_id() > 0) {
            $customer = new WC_Customer($order->get_customer_id());
            foreach (['billing', 'shipping'] as $type) {
                foreach (self::ADDRESS as $field) {
                    $customer->{"set_{$type}_{$field}"}($order->{"get_{$type}_{$field}"}());
                }
            }
            $customer->set_billing_email($order->get_billing_email());
            $customer->save();
        }
    }

    /** `validate_order_before_payment` */
    private static function validate(WC_Order $order): void
    {
        if (!is_email($order->get_billing_email())) {
            throw new RouteException('woocommerce_rest_missing_email_address', 'A valid email address is required');
        }
        foreach (WC()->cart->needs_shipping() ? ['shipping', 'billing'] : ['billing'] as $type) {
            $address = $order->get_address($type) + self::fields()->get_all_fields_from_object($order, $type);
            $locale = WC()->countries->get_country_locale();
            if (!isset($locale[$address['country']])) {
                throw new RouteException('woocommerce_rest_invalid_address_country', "We do not ship to {$address['country']}");
            }
            $own = array_intersect_key(self::fields()->get_additional_fields(), array_flip(self::fields()->get_address_fields_keys()));
            foreach ($locale['default'] + $own as $field => $rules) {
                $rules = ($locale[$address['country']][$field] ?? []) + $rules;
                if ($rules['required'] && trim($address[$field] ?? '') === '') {
                    throw new RouteException('woocommerce_rest_invalid_address', "{$type} {$field} is required");
                }
            }
        }
    }
}
