<?php

declare(strict_types=1);

namespace Userref\Web;

/** Chooses the language of an answer as the contract says; its cases are in `docs/contract/vectors/accept-language`. */
final class AcceptLanguage
{
    /** `de-CH;q=0.8`: the primary subtag, and the weight of RFC 9110 §12.4.2. */
    private const WISH = '~\A[ \t]*([a-z]{1,8})(?:-[a-z0-9]{1,8})*[ \t]*'
        . '(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*)?\z~i';

    /**
     * The heaviest language of the header that is there, otherwise the first.
     *
     * @param non-empty-list<string> $languages
     */
    public static function choose(?string $header, array $languages): string
    {
        $wishes = array_map(self::wish(...), explode(',', substr($header ?? '', 0, 500)));
        // Stable: of wishes that weigh the same the first stays in front. A weight of 0 means "not this one".
        usort($wishes, static fn (array $one, array $other): int => $other[1] <=> $one[1]);
        foreach ($wishes as [$language, $weight]) {
            if ($weight > 0 && in_array($language, $languages, true)) {
                return $language;
            }
        }

        return $languages[0];
    }

    /** @return array{string, float} language and weight; what is malformed weighs nothing */
    private static function wish(string $text): array
    {
        return preg_match(self::WISH, $text, $parts) === 1
            ? [strtolower($parts[1]), (float) ($parts[2] ?? 1)]
            : ['', 0.0];
    }
}
