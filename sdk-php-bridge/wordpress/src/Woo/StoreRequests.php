<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Exception\UserrefThrowable;
use UserrefLogin\Part;

/**
 * Requests of the Checkout and Cart blocks (Store API, `/wc/store/…`), which none of the classic hooks see. An address
 * in them becomes constants before any of WooCommerce's code reads it: at `rest_pre_dispatch`, before WordPress checks
 * and sorts the parameters, and again at `rest_request_before_callbacks`, which parts of a batch pass one by one
 * (`WP_REST_Server::serve_batch_request_v1`).
 */
final class StoreRequests implements Part
{
    private const STORE = '~\A/wc/(?:store|agentic)(?:/|\z)~i';
    private const CHECKOUT = '~\A/wc/store(?:/v\d+)?/checkout(?:/\d+)?/?\z~i';
    private const BATCH = '~/batch(?:/v\d+)?/?\z~i';
    private const ADDRESSES = ['billing_address', 'shipping_address'];
    private const NOTES = ['customer_note', 'order_notes'];
    private const CLEANED = [
        ...self::ADDRESSES, ...self::NOTES, 'additional_fields', 'extensions', 'payment_data', 'data',
    ];

    public function __construct(
        private readonly Customers $customers,
        private readonly Options $options,
        private readonly Delivery $delivery,
        private readonly FixedChoices $choices,
    ) {
    }

    public function register(): void
    {
        add_filter('rest_pre_dispatch', $this->beforeDispatch(...), PHP_INT_MIN, 3);
        add_filter('rest_request_before_callbacks', $this->beforeCallbacks(...), PHP_INT_MIN, 3);
    }

    public function beforeDispatch(mixed $result, mixed $server, mixed $request): mixed
    {
        if ($request instanceof \WP_REST_Request && $this->customers->isVisitor()) {
            $this->clean($request);
        }

        return $result;
    }

    /** @return mixed the refusal, where the order can not be delivered with what the visitor shares */
    public function beforeCallbacks(mixed $response, mixed $handler, mixed $request): mixed
    {
        $isOurs = $request instanceof \WP_REST_Request && $this->customers->isVisitor();
        if (!$isOurs || preg_match(self::STORE, $request->get_route()) !== 1) {
            return $response;
        }
        $this->clean($request);
        $isOrder = $request->get_method() === 'POST' && preg_match(self::CHECKOUT, $request->get_route()) === 1;

        return $isOrder && !is_wp_error($response) ? $this->prepareOrder($request) ?? $response : $response;
    }

    /** Puts the country that the person shares where WooCommerce works out rates, taxes and the order. */
    private function prepareOrder(\WP_REST_Request $request): ?\WP_Error
    {
        // The cart says whether the order is delivered. A cart by token is another one, which the route loads.
        if ($request->get_header('Cart-Token') === null) {
            wc_load_cart();
        }
        try {
            $country = $this->delivery->country();
        } catch (UserrefThrowable $error) {
            $code = $error->errorCode()->value;

            return new \WP_Error("userref_{$code}", Messages::forCustomer($error), ['status' => 403]);
        }
        foreach (self::ADDRESSES as $name) {
            $given = is_array($request[$name]) ? $request[$name] : [];
            $request->set_param($name, $this->sealed($name, $country) + $given);
        }

        return null;
    }

    private function clean(\WP_REST_Request $request): void
    {
        $route = $request->get_route();
        if (preg_match(self::BATCH, $route) === 1 && is_array($request['requests'])) {
            $request->set_param('requests', array_map($this->cleanPart(...), $request['requests']));
        } elseif (preg_match(self::STORE, $route) === 1) {
            $given = $request->get_params();
            // In every place that a parameter may come in: body, form and query.
            foreach (array_intersect_key($this->cleaned($given), array_flip(self::CLEANED), $given) as $name => $value) {
                $request->set_param($name, $value);
            }
        }
    }

    private function cleanPart(mixed $part): mixed
    {
        if (!is_array($part)) {
            return $part;
        }
        if (is_array($part['body'] ?? null)) {
            $part['body'] = $this->cleaned($part['body']);
        }
        $path = (string) ($part['path'] ?? '');
        if (str_contains($path, '?')) {
            [$path, $query] = explode('?', $path, 2);
            parse_str($query, $parameters);
            $part['path'] = $path . '?' . http_build_query($this->cleaned($parameters));
        }

        return $part;
    }

    /**
     * @param array<string, mixed> $parameters
     *
     * @return array<string, mixed>
     */
    private function cleaned(array $parameters): array
    {
        foreach (self::ADDRESSES as $name) {
            if (isset($parameters[$name])) {
                $parameters[$name] = $this->sealedFrom($name, (array) $parameters[$name]);
            }
        }
        foreach ($this->options->keepsNotes() ? [] : self::NOTES as $name) {
            if (isset($parameters[$name])) {
                $parameters[$name] = '';
            }
        }
        if (isset($parameters['additional_fields'])) {
            $parameters['additional_fields'] = $this->cleanFields((array) $parameters['additional_fields']);
        }
        if (isset($parameters['extensions'])) {
            $parameters['extensions'] = $this->cleanExtensions((array) $parameters['extensions']);
        }
        if (isset($parameters['data'])) {
            $parameters['data'] = $this->cleanData($parameters['data'], $parameters['namespace'] ?? null);
        }
        if (is_array($parameters['payment_data'] ?? null)) {
            $parameters['payment_data'] = array_map($this->cleanPayment(...), $parameters['payment_data']);
        }

        return $parameters;
    }

    /**
     * The country alone is taken as it comes: until the order it decides what the rates look like. Parts of an address
     * without one (`CartUpdateCustomer` takes such) change nothing.
     *
     * @param array<string, mixed> $posted
     *
     * @return array<string, mixed>
     */
    private function sealedFrom(string $name, array $posted): array
    {
        $country = is_string($posted['country'] ?? null) ? strtoupper($posted['country']) : '';
        $isCountry = isset(WC()->countries->get_countries()[$country]);
        $known = array_flip([...SealedAddress::FIELDS, 'email']);
        $others = $this->cleanFields(array_diff_key($posted, $known));

        return $isCountry ? $others + $this->sealed($name, $country) : $others;
    }

    /** @return array<string, string> */
    private function sealed(string $name, string $country): array
    {
        $email = $name === 'billing_address'
            ? ['email' => $this->customers->placeholderOf(get_current_user_id())]
            : [];

        return SealedAddress::of($country) + $email;
    }

    /**
     * @param array<string, mixed> $fields
     *
     * @return array<string, mixed>
     */
    private function cleanFields(array $fields): array
    {
        foreach ($fields as $name => $value) {
            $fields[$name] = $this->choices->cleaned((string) $name, $value);
        }

        return $fields;
    }

    /**
     * What other plug-ins send along (`ExtendSchema`), where the visitor's browser is described among others
     * (`woocommerce/order-attribution`). Nothing of it is known here, so nothing passes that the shop did not allow.
     *
     * @param array<string, mixed> $extensions
     *
     * @return array<string, mixed>
     */
    private function cleanExtensions(array $extensions): array
    {
        $allowed = (array) apply_filters('userref_woo_allowed_extensions', []);

        return array_intersect_key($extensions, array_flip(array_filter($allowed, 'is_string')));
    }

    /** `/cart/extensions`, the only route with `data`: what one plug-in sends along before the order. */
    private function cleanData(mixed $data, mixed $namespace): mixed
    {
        return is_string($namespace) && $this->cleanExtensions([$namespace => true]) !== [] ? $data : [];
    }

    /** Payment methods of the block send name and address along with their own data. */
    private function cleanPayment(mixed $entry): mixed
    {
        $key = is_array($entry) && is_string($entry['key'] ?? null) ? $entry['key'] : '';
        if (preg_match('/(?:\A|[_-])(?:billing|shipping)[_-]/i', $key) !== 1) {
            return $entry;
        }
        $isEmail = preg_match('/e-?mail\z/i', $key) === 1;
        $entry['value'] = $isEmail ? $this->customers->placeholderOf(get_current_user_id()) : '';

        return $entry;
    }
}
