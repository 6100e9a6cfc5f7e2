<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

use Userref\Attributes;

/** An address as WooCommerce has it, from what a person shares. In memory only. */
final class WooAddress
{
    /**
     * @param string $attribute `address:shipping` or `address:billing`
     *
     * @return array<string, string> by the names of {@see SealedAddress::FIELDS}
     */
    public static function from(Attributes $values, string $attribute = Delivery::ADDRESS): array
    {
        $address = self::value($values, $attribute);
        $address = is_array($address) ? array_filter($address, 'is_string') : [];
        $name = $address['recipient'] ?? self::value($values, 'profile:name');
        [$first, $last] = self::names(is_string($name) ? $name : '');
        $lines = preg_split('/\R/u', $address['street_address'] ?? '', -1, PREG_SPLIT_NO_EMPTY) ?: [];
        $country = $address['country'] ?? '';
        $phone = self::value($values, 'contact:phone');

        return [
            'first_name' => $first,
            'last_name' => $last,
            'company' => '',
            'address_1' => (string) array_shift($lines),
            'address_2' => implode(', ', $lines),
            'city' => $address['locality'] ?? '',
            'state' => self::stateCode($address['region'] ?? '', $country),
            'postcode' => $address['postal_code'] ?? '',
            'country' => $country,
            'phone' => is_string($phone) ? $phone : '',
        ];
    }

    private static function value(Attributes $values, string $name): mixed
    {
        return in_array($name, $values->names(), true) ? $values->get($name) : null;
    }

    /** @return array{string, string} WooCommerce wants two; together they are the name again */
    private static function names(string $name): array
    {
        $at = strrpos($name, ' ');

        return $at === false ? [$name, ''] : [substr($name, 0, $at), substr($name, $at + 1)];
    }

    /** WooCommerce's code where it has one for the region, else the region as it is. */
    private static function stateCode(string $region, string $country): string
    {
        $states = $country === '' ? [] : WC()->countries->get_states($country);
        foreach (is_array($states) ? $states : [] as $code => $name) {
            if (in_array(wc_strtolower($region), [wc_strtolower((string) $code), wc_strtolower($name)], true)) {
                return (string) $code;
            }
        }

        return $region;
    }
}
