<?php

declare(strict_types=1);

namespace Userref\Passport;

/** Canonical base64url (RFC 4648 §5): one value has one spelling. */
final class Base64url
{
    private const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    /** Bits of the last character that carry nothing, by length modulo 4; a length of 1 cannot occur. */
    private const UNUSED_BITS = [0 => 0, 2 => 0b1111, 3 => 0b11];

    public static function isCanonical(string $text): bool
    {
        $unused = self::UNUSED_BITS[strlen($text) % 4] ?? null;
        if ($unused === null || $text === '' || strspn($text, self::ALPHABET) !== strlen($text)) {
            return false;
        }

        return (strpos(self::ALPHABET, $text[-1]) & $unused) === 0;
    }

    /** The bytes, or null for anything that is not canonical. */
    public static function decode(mixed $text): ?string
    {
        if (!is_string($text) || !self::isCanonical($text)) {
            return null;
        }

        return base64_decode(strtr($text, '-_', '+/'), true) ?: null;
    }

    public static function encode(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }
}
