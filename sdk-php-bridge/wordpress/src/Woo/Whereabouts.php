<?php

declare(strict_types=1);

namespace UserrefLogin\Woo;

/** The visitor's IP address and browser, which nothing that is kept may hold, whatever it is called. */
final class Whereabouts
{
    private const HEADERS = ['REMOTE_ADDR', 'HTTP_X_REAL_IP', 'HTTP_CLIENT_IP', 'HTTP_X_FORWARDED_FOR'];
    /** Shorter ones occur in other texts by chance. */
    private const LEAST_LENGTH = 7;

    /** What there is of a value without them; objects are left as they are. */
    public static function removedFrom(mixed $value): mixed
    {
        if (is_array($value)) {
            return array_map(self::removedFrom(...), $value);
        }

        return is_string($value) ? str_replace(self::ofVisitor(), '', $value) : $value;
    }

    /** @return list<string> */
    private static function ofVisitor(): array
    {
        $found = [];
        foreach (self::HEADERS as $name) {
            array_push($found, ...preg_split('/[\s,]+/', self::header($name)) ?: []);
        }
        $found[] = self::header('HTTP_USER_AGENT');
        $found[] = sanitize_text_field(self::header('HTTP_USER_AGENT'));

        return array_values(array_filter($found, static fn (string $one): bool => strlen($one) >= self::LEAST_LENGTH));
    }

    private static function header(string $name): string
    {
        $value = wp_unslash($_SERVER[$name] ?? ''); // phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized

        return is_string($value) ? trim($value) : '';
    }
}
