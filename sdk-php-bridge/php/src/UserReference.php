<?php

declare(strict_types=1);

namespace Userref;

/** A site's own name for a person: `ppid_` and 26 characters of lower-case base32. */
final class UserReference
{
    private const FORM = '/\Appid_[a-z2-7]{26}\z/D';

    /** Compare with `===` after each look-up: databases compare without case, and would mix up people. */
    public static function isValid(mixed $value): bool
    {
        return is_string($value) && preg_match(self::FORM, $value) === 1;
    }
}
