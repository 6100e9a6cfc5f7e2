<?php

declare(strict_types=1);

namespace Userref\Web;

use Userref\Contract\ErrorCode;
use Userref\Contract\VisitorTexts;

/** What an error means for a visitor, in their language. What its code says of itself speaks to developers. */
final class VisitorText
{
    /**
     * @param 'ltr'|'rtl' $direction
     * @param 'sign_in'|'share'|null $way the way on besides the start page
     * @param array<string, string> $words of the page
     */
    private function __construct(
        public readonly string $language,
        public readonly string $direction,
        public readonly string $title,
        public readonly string $happened,
        public readonly string $advice,
        public readonly ?string $way,
        public readonly array $words,
    ) {
    }

    public static function of(ErrorCode $code, ?string $acceptLanguage): self
    {
        $group = self::group($code->value);
        $language = AcceptLanguage::choose($acceptLanguage, array_keys(VisitorTexts::DIRECTIONS));
        [$title, $happened, $advice] = VisitorTexts::TEXTS[$language][$group];

        return new self(
            $language,
            VisitorTexts::DIRECTIONS[$language],
            $title,
            $happened,
            $advice,
            VisitorTexts::WAYS[$group] ?? null,
            VisitorTexts::WORDS[$language],
        );
    }

    private static function group(string $code): string
    {
        if (isset(VisitorTexts::GROUPS[$code])) {
            return VisitorTexts::GROUPS[$code];
        }
        foreach (VisitorTexts::PREFIXES as $prefix => $group) {
            if (str_starts_with($code, $prefix)) {
                return $group;
            }
        }

        return 'general';
    }
}
