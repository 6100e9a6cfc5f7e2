<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use UserrefLogin\Part;

/**
 * Keeps addresses of ours out of accounts and sessions, whatever sets them: both checkouts, My account, the Store API
 * (`CartUpdateCustomer`, `CartSelectAddress`, `OrderController::sync_customer_data_with_order`), the REST API.
 *
 * `woocommerce_before_customer_object_save` fires in `WC_Data::save()` for both data stores of `WC_Customer`: the one of
 * users (user meta) and the one of sessions (the row in `woocommerce_sessions`).
 */
final class CustomerGuard implements Part
{
    private const META = '/\A(?:(?:billing|shipping)_|_wc_(?:billing|shipping|other)\/|_?wc_order_attribution_'
        . '|_additional_(?:billing_|shipping_)?fields\z)/';
    private const NAMES = ['first_name', 'last_name'];

    public function __construct(private readonly Customers $customers)
    {
    }

    public function register(): void
    {
        add_action('woocommerce_before_customer_object_save', $this->clean(...), PHP_INT_MAX, 2);
        add_filter('update_user_metadata', $this->refuseMeta(...), PHP_INT_MAX, 4);
        add_filter('add_user_metadata', $this->refuseMeta(...), PHP_INT_MAX, 4);
        add_filter('woocommerce_customer_allowed_session_meta_keys', $this->noSessionMeta(...), PHP_INT_MAX, 2);
        add_filter('woocommerce_geolocate_ip', $this->guessNothing(...), PHP_INT_MAX);
        add_filter('woocommerce_customer_default_location_array', $this->whereTheShopIs(...), PHP_INT_MAX);
        add_action('woocommerce_before_customer_download_log_object_save', $this->cleanDownload(...), PHP_INT_MAX);
    }

    public function clean(mixed $customer, mixed $store = null): void
    {
        if (!$customer instanceof \WC_Customer || !$this->customers->isOurs((int) $customer->get_id())) {
            return;
        }
        $isSession = is_object($store) && method_exists($store, 'get_current_class_name')
            && str_ends_with((string) $store->get_current_class_name(), '_Session');
        $isSession ? $this->cleanSession($customer) : $this->revert($customer);
        foreach ($customer->get_meta_data() as $meta) {
            $isNew = (int) $meta->id === 0 || $meta->get_changes() !== [];
            if ($isNew && preg_match(self::META, (string) $meta->key) === 1) {
                $customer->delete_meta_data((string) $meta->key);
            }
        }
    }

    /** A checkout needs an address that passes its checks: constants, and the country. */
    private function cleanSession(\WC_Customer $customer): void
    {
        foreach (['billing', 'shipping'] as $type) {
            $sealed = SealedAddress::of((string) $customer->{"get_{$type}_country"}('edit'));
            foreach (SealedAddress::FIELDS as $field) {
                $get = "get_{$type}_{$field}";
                if (!is_callable([$customer, $get])) {
                    continue;
                }
                $value = (string) $customer->$get('edit');
                if ($value !== '' && $value !== $sealed[$field]) {
                    $customer->{"set_{$type}_{$field}"}($sealed[$field]);
                }
            }
        }
        $customer->set_billing_email($this->customers->placeholderOf((int) $customer->get_id()));
    }

    /** What the account held before stays: connected users may have an address of their own. */
    private function revert(\WC_Customer $customer): void
    {
        $before = new \WC_Customer((int) $customer->get_id());
        $changes = $customer->get_changes();
        $props = array_intersect(self::NAMES, array_keys($changes));
        foreach (['billing', 'shipping'] as $type) {
            foreach (array_keys((array) ($changes[$type] ?? [])) as $field) {
                $props[] = "{$type}_{$field}";
            }
        }
        foreach ([...$props, ...(array_key_exists('email', $changes) ? ['email'] : [])] as $prop) {
            $customer->{"set_{$prop}"}($before->{"get_{$prop}"}('edit'));
        }
    }

    /** Plug-ins that know better than to ask WooCommerce: nothing is written, and they are told that it was. */
    public function refuseMeta(mixed $check, mixed $userId, mixed $key, mixed $value): mixed
    {
        $isName = in_array($key, self::NAMES, true);
        if (!is_string($key) || $value === '' || (!$isName && preg_match(self::META, $key) !== 1)) {
            return $check;
        }
        // Who has an account of their own keeps the name that they gave it.
        $isOurs = $isName ? $this->customers->isMember((int) $userId) : $this->customers->isOurs((int) $userId);

        return $isOurs ? true : $check;
    }

    public function noSessionMeta(mixed $keys, mixed $customer = null): mixed
    {
        $isOurs = $customer instanceof \WC_Customer && $this->customers->isOurs((int) $customer->get_id());

        return $isOurs ? [] : $keys;
    }

    /** WooCommerce may look up by the IP address where a visitor is (`WC_Geolocation::geolocate_ip`), and keep both. */
    public function guessNothing(mixed $country): mixed
    {
        return $this->customers->isVisitor() ? '' : $country;
    }

    /** `wc_get_customer_default_location()`: until they say more, ours are where the shop is. */
    public function whereTheShopIs(mixed $location): mixed
    {
        return $this->customers->isVisitor()
            ? wc_format_country_state_string((string) get_option('woocommerce_default_country', ''))
            : $location;
    }

    /** Links to downloads come by mail too, and work for whoever is not signed in. */
    public function cleanDownload(mixed $log): void
    {
        if (!$log instanceof \WC_Customer_Download_Log) {
            return;
        }
        $isOurs = $this->customers->isOurs((int) $log->get_user_id('edit'));
        if ($isOurs || $this->isOfSealedOrder((int) $log->get_permission_id('edit'))) {
            $log->set_user_ip_address('');
        }
    }

    private function isOfSealedOrder(int $permission): bool
    {
        try {
            $order = wc_get_order((int) (new \WC_Customer_Download($permission))->get_order_id('edit'));
        } catch (\Exception) {
            return false;
        }

        return $order instanceof \WC_Order && $this->customers->isSealed($order);
    }
}
