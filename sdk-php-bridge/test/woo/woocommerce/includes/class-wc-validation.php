<?php

declare(strict_types=1);

/** As includes/class-wc-validation.php: `is_postcode`, with the forms of a few countries. */
final class WC_Validation
{
    public static function is_postcode(string $postcode, string $country): bool
    {
        return preg_match(match ($country) {
            'EE', 'FI' => '/\A[0-9]{5}\z/',
            'DE' => '/\A(?:0[1-9]|[1-9][0-9])[0-9]{3}\z/',
            // `is_gb_postcode`, the first of its six forms.
            'GB' => '/\A[A-PR-UWYZ][A-HK-Y]?[0-9]{1,2} ?[0-9][ABD-HJLNP-UW-Z]{2}\z/',
            'US' => '/\A[0-9]{5}(?:-[0-9]{4})?\z/',
            default => '/\A[A-Za-z0-9 -]*\z/',
        }, $postcode) === 1;
    }
}
