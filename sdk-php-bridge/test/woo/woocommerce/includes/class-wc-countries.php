<?php

declare(strict_types=1);

/** As includes/class-wc-countries.php, with a few countries. */
final class WC_Countries
{
    private const NAMES = ['EE' => 'Estonia', 'DE' => 'Germany', 'FI' => 'Finland', 'GB' => 'United Kingdom (UK)',
        'US' => 'United States (US)'];

    /** @return array<string, string> */
    public function get_countries(): array
    {
        return self::NAMES;
    }

    /** @return array<string, string> */
    public function get_shipping_countries(): array
    {
        return self::NAMES;
    }

    public function get_base_country(): string
    {
        return wc_format_country_state_string((string) get_option('woocommerce_default_country'))['country'];
    }

    public function get_base_state(): string
    {
        return wc_format_country_state_string((string) get_option('woocommerce_default_country'))['state'];
    }

    /** @return array<string, string> */
    public function get_states(string $country): array
    {
        return $country === 'US' ? ['AL' => 'Alabama', 'CA' => 'California'] : [];
    }

    /**
     * Three fields are as the shop's owner has them (`CartCheckoutUtils::get_phone_field_visibility` and its like).
     *
     * @return array<string, array<string, array<string, mixed>>>
     */
    public function get_country_locale(): array
    {
        $needed = ['required' => true, 'hidden' => false];
        $default = array_fill_keys(['first_name', 'last_name', 'address_1', 'city', 'postcode', 'country', 'state'], $needed);
        foreach (['company', 'address_2', 'phone'] as $field) {
            $visibility = get_option("woocommerce_checkout_{$field}_field", 'optional');
            $default[$field] = ['required' => $visibility === 'required', 'hidden' => $visibility === 'hidden'];
        }
        $none = ['state' => ['required' => false]];
        $noPostcode = ['postcode' => ['required' => false, 'hidden' => true]];

        return ['default' => $default, 'AE' => $none + $noPostcode, 'EE' => $none, 'DE' => $none, 'FI' => $none,
            'GB' => $none, 'US' => []];
    }

    /** @param array<string, string> $address */
    public function get_formatted_address(array $address, string $separator = '<br/>'): string
    {
        $lines = [
            trim(($address['first_name'] ?? '') . ' ' . ($address['last_name'] ?? '')),
            $address['address_1'] ?? '',
            $address['address_2'] ?? '',
            trim(($address['postcode'] ?? '') . ' ' . ($address['city'] ?? '')),
            self::NAMES[$address['country'] ?? ''] ?? '',
        ];

        return implode($separator, array_map('esc_html', array_filter($lines)));
    }
}
