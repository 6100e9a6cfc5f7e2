<?php

declare(strict_types=1);

/** As includes/class-wc-validation.php: `is_postcode`, with the forms that it knows. */
final class WC_Validation
{
    private const DIGITS = ['AT' => 4, 'BE' => 4, 'CH' => 4, 'HU' => 4, 'NO' => 4, 'ES' => 5, 'FI' => 5, 'EE' => 5,
        'FR' => 5, 'IT' => 5];
    private const FORMS = [
        'BA' => '[78][0-9]{4}',
        'BR' => '[0-9]{5}-?[0-9]{3}',
        'CA' => '[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] ?[0-9][ABCEGHJ-NPRSTV-Z][0-9]',
        'CZ' => '[0-9]{3} ?[0-9]{2}',
        'DE' => '(?:0[1-9]|[1-9][0-9])[0-9]{3}',
        'DK' => '(?:[124-9][0-9]{3}|3[0-8][0-9]{2})',
        // `is_gb_postcode`, the first of its six forms.
        'GB' => '[A-PR-UWYZ][A-HK-Y]?[0-9]{1,2} ?[0-9][ABD-HJLNP-UW-Z]{2}',
        'IE' => '(?:[AC-FHKNPRTV-Y][0-9]{2}|D6W) ?[0-9AC-FHKNPRTV-Y]{4}',
        'IN' => '[1-9][0-9]{2} ?[0-9]{3}',
        'JP' => '[0-9]{3}-?[0-9]{4}',
        'LI' => '94[89][0-9]',
        'NL' => '[1-9][0-9]{3} ?(?!SA|SD|SS)[A-Z]{2}',
        'PL' => '[0-9]{2}-[0-9]{3}',
        'PR' => '[0-9]{5}(?:-[0-9]{4})?',
        'PT' => '[0-9]{4}-[0-9]{3}',
        'SE' => '[0-9]{3} ?[0-9]{2}',
        'SI' => '[1-9][0-9]{3}',
        'SK' => '[0-9]{3} ?[0-9]{2}',
        'US' => '[0-9]{5}(?:-[0-9]{4})?',
    ];

    public static function is_postcode(string $postcode, string $country): bool
    {
        $form = isset(self::DIGITS[$country])
            ? '[0-9]{' . self::DIGITS[$country] . '}'
            : self::FORMS[$country] ?? '[A-Za-z0-9 -]*';

        return preg_match("/\\A{$form}\\z/", $postcode) === 1;
    }
}
