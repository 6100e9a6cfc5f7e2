<?php

declare(strict_types=1);

/** As includes/rest-api/Controllers/Version3/class-wc-rest-customers-controller.php: one customer, read and changed. */
final class WC_Rest_Customers
{
    public static function register(): void
    {
        register_rest_route('wc/v3', '/customers/(?P<id>\d+)', [
            'methods' => 'GET, PUT',
            'permission_callback' => static fn (): bool => current_user_can('edit_shop_orders'),
            'callback' => static function (WP_REST_Request $request): WP_REST_Response {
                $customer = new WC_Customer((int) $request['id']);
                foreach ($request->get_method() === 'PUT' ? ['billing', 'shipping'] : [] as $group) {
                    foreach ((array) ($request[$group] ?? []) as $field => $value) {
                        $customer->{"set_{$group}_{$field}"}(wc_clean($value));
                    }
                }
                foreach ($request->get_method() === 'PUT' ? ['first_name', 'last_name', 'email'] : [] as $prop) {
                    if (isset($request[$prop])) {
                        $customer->{"set_{$prop}"}(wc_clean($request[$prop]));
                    }
                }
                if ($request->get_method() === 'PUT') {
                    $customer->save();
                }
                $data = $customer->get_data();

                return new WP_REST_Response(['id' => $customer->get_id()] + array_intersect_key($data, array_flip(
                    ['email', 'first_name', 'last_name', 'billing', 'shipping'],
                )));
            },
        ]);
    }
}
