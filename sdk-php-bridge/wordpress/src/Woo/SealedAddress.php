<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

/**
 * What stands in an order, a session and a request in place of an address. WooCommerce checks addresses by country
 * (`WC_Validation::is_postcode`, `OrderController::validate_address_fields`, and the blocks in the browser: an error in a
 * field that is hidden stops an order without a word), so the words must pass its checks.
 */
final class SealedAddress
{
    public const WORD = 'Sealed';
    public const FIELDS = [
        'first_name', 'last_name', 'company', 'address_1', 'address_2', 'city', 'state', 'postcode', 'country', 'phone',
    ];
    /**
     * @param string $country ISO 3166-1 alpha-2; '' where none is known
     *
     * @return array<string, string> by the names of {@see FIELDS}
     */
    public static function of(string $country): array
    {
        $country = preg_match('/\A[A-Z]{2}\z/D', $country) === 1 ? $country : '';
        /**
         * Where a shop needs more than the country for its rates and taxes: state and postcode that stand for all
         * customers of a country. They are stored.
         *
         * @param array{state: string, postcode: string} $location
         * @param string $country
         */
        $location = apply_filters('userref_woo_sealed_location', [
            'state' => self::stateOf($country),
            'postcode' => self::postcodeOf($country),
        ], $country);
        $word = self::WORD;
        // Below WooCommerce 9 the option alone says whether orders need a phone number.
        $isPhoneNeeded = self::isNeeded('phone', $country)
            || get_option('woocommerce_checkout_phone_field') === 'required';

        return [
            'first_name' => $word,
            'last_name' => $word,
            'company' => self::isNeeded('company', $country) ? $word : '',
            'address_1' => $word,
            'address_2' => self::isNeeded('address_2', $country) ? $word : '',
            'city' => $word,
            'state' => (string) ($location['state'] ?? ''),
            'postcode' => (string) ($location['postcode'] ?? ''),
            'country' => $country,
            'phone' => $isPhoneNeeded ? '0000000000' : '',
        ];
    }

    /** As `OrderController::validate_address_fields` and the forms of the blocks decide it. */
    private static function isNeeded(string $field, string $country): bool
    {
        $locale = WC()->countries->get_country_locale();
        $rules = ($locale[$country][$field] ?? []) + ($locale['default'][$field] ?? []);

        return ($rules['required'] ?? false) === true && ($rules['hidden'] ?? false) !== true;
    }

    private static function postcodeOf(string $country): string
    {
        foreach (self::isNeeded('postcode', $country) ? SealedPostcode::candidates($country) : [] as $postcode) {
            if (\WC_Validation::is_postcode($postcode, $country)) {
                return $postcode;
            }
        }

        return '';
    }

    /** The shop's own in its own country, else the first: there is no such thing as a state for nobody. */
    private static function stateOf(string $country): string
    {
        if ($country === '' || !self::isNeeded('state', $country)) {
            return '';
        }
        $countries = WC()->countries;
        $states = $countries->get_states($country);
        if (!is_array($states) || $states === []) {
            return self::WORD;
        }
        $base = $countries->get_base_country() === $country ? (string) $countries->get_base_state() : '';

        return isset($states[$base]) ? $base : (string) array_key_first($states);
    }
}
