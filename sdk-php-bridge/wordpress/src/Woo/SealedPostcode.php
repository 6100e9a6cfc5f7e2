<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

/**
 * Postcodes that are right in form and given to nobody, so that no shipping zone that is drawn by postcodes takes an
 * order for its own. Where a country has one code, or few, it is among those. Two checks read them: the server's
 * (`WC_Validation::is_postcode`, WooCommerce 7.8 to 11), and the stricter one of the Checkout block in the browser
 * (`isPostcode`, by the package `postcode-validator`).
 */
final class SealedPostcode
{
    private const OF = [
        'AD' => 'AD999', 'AI' => 'AI-2640', 'AR' => 'Z9999ZZZ', 'AS' => '96799', 'AX' => '22999', 'BA' => '89999',
        'BB' => 'BB99999', 'BL' => '97199', 'BM' => 'ZZ 99', 'BN' => 'ZZ9999', 'BR' => '99999-999', 'CA' => 'X9X 9X9',
        'CC' => '6799', 'CX' => '6798', 'CZ' => '999 99', 'ES' => '28999', 'FK' => 'FIQQ 1ZZ', 'FM' => '96944',
        'GB' => 'ZY9 9ZY', 'GF' => '97399', 'GG' => 'GY9 9ZZ', 'GI' => 'GX11 1AA', 'GL' => '3999', 'GP' => '97199',
        'GS' => 'SIQQ 1ZZ', 'GU' => '96939', 'IE' => 'Y99 X9X9', 'IM' => 'IM9 9ZZ', 'IO' => 'BBND 1ZZ',
        'IR' => '99999-99999', 'JE' => 'JE9 9ZZ', 'JP' => '999-9999', 'KY' => 'KY3-9999', 'LI' => '9499',
        'LV' => 'LV-9999', 'MC' => '98099', 'ME' => '89999', 'MF' => '97199', 'MH' => '96979', 'MP' => '96952',
        'MQ' => '97299', 'MT' => 'ZZZ 9999', 'NC' => '98899', 'NF' => '2899', 'NL' => '9999 ZZ', 'PE' => '29999',
        'PF' => '98799', 'PL' => '99-999', 'PM' => '97599', 'PN' => 'PCRN 1ZZ', 'PR' => '00999', 'PT' => '9999-999',
        'PW' => '96940', 'RE' => '97499', 'SE' => '999 99', 'SH' => 'STHL 1ZZ', 'SK' => '999 99', 'SM' => '47899',
        'SV' => 'CP 3729', 'SZ' => 'S999', 'TC' => 'TKCA 1ZZ', 'UM' => '96898', 'VA' => '00120', 'VC' => 'VC9999',
        'VG' => 'VG9999', 'VI' => '00851', 'WF' => '98699', 'YT' => '97699',
    ];
    /** Countries whose codes are nothing but digits, by how many there are; five everywhere else. */
    private const DIGITS = [
        3 => 'BH FO GN IS LS MG OM PG',
        4 => 'AF AL AM AU AZ BD BG CK CV CY ET GE GW HM HT LB LR LU MD MK MZ NE NZ PA PH PY SJ TN VE ZA',
        6 => 'BY CN CO EC IN KG KH KZ NG RO RU SG TJ TM UZ VN',
        7 => 'CL',
    ];
    private const COMMON = ['99999', '9999', '999999', '99999-999'];

    /** @return list<string> the best first: a shop may have checks of its own */
    public static function candidates(string $country): array
    {
        $own = isset(self::OF[$country]) ? [self::OF[$country]] : [];
        foreach (self::DIGITS as $count => $countries) {
            if ($country !== '' && str_contains($countries, $country)) {
                $own[] = str_repeat('9', $count);
            }
        }

        return [...$own, ...self::COMMON];
    }
}
