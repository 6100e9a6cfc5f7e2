<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

/**
 * What stands in an order, a session and a request in place of an address. WooCommerce checks addresses by country
 * (`WC_Validation::is_postcode`, `OrderController::validate_address_fields`), so the words must pass its checks.
 */
final class SealedAddress
{
    public const WORD = 'Sealed';
    public const FIELDS = [
        'first_name', 'last_name', 'company', 'address_1', 'address_2', 'city', 'state', 'postcode', 'country', 'phone',
    ];
    /** Right in form (`WC_Validation::is_postcode`, WooCommerce 7.8 to 11) and given to nobody: no shipping zone that is drawn by postcodes takes them for its own. */
    private const POSTCODES = [
        'BA' => '89999', 'BR' => '99999-999', 'CA' => 'X9X 9X9', 'CZ' => '999 99', 'GB' => 'ZY9 9ZY',
        'IE' => 'Y99 X9X9', 'IN' => '999999', 'JP' => '999-9999', 'LI' => '9499', 'NL' => '9999 ZZ',
        'PL' => '99-999', 'PR' => '00999', 'PT' => '9999-999', 'SE' => '999 99', 'SK' => '999 99',
    ];
    private const COMMON_POSTCODES = ['99999', '9999', '999999', '99999-999', ''];

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

        return [
            'first_name' => $word,
            'last_name' => $word,
            'company' => '',
            'address_1' => $word,
            'address_2' => '',
            'city' => $word,
            'state' => (string) ($location['state'] ?? ''),
            'postcode' => (string) ($location['postcode'] ?? ''),
            'country' => $country,
            'phone' => get_option('woocommerce_checkout_phone_field') === 'required' ? '0000000000' : '',
        ];
    }

    private static function postcodeOf(string $country): string
    {
        $own = isset(self::POSTCODES[$country]) ? [self::POSTCODES[$country]] : [];
        foreach ([...$own, ...self::COMMON_POSTCODES] as $postcode) {
            if ($postcode !== '' && \WC_Validation::is_postcode($postcode, $country)) {
                return $postcode;
            }
        }

        return '';
    }

    /** The shop's own in its own country, else the first: there is no such thing as a state for nobody. */
    private static function stateOf(string $country): string
    {
        $countries = WC()->countries;
        $locale = $countries->get_country_locale();
        $rules = ($locale[$country]['state'] ?? []) + ($locale['default']['state'] ?? []);
        $isNeeded = ($rules['required'] ?? false) === true && ($rules['hidden'] ?? false) !== true;
        if (!$isNeeded || $country === '') {
            return '';
        }
        $states = $countries->get_states($country);
        if (!is_array($states) || $states === []) {
            return self::WORD;
        }
        $base = $countries->get_base_country() === $country ? (string) $countries->get_base_state() : '';

        return isset($states[$base]) ? $base : (string) array_key_first($states);
    }
}
