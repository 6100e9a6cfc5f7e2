<?php

declare(strict_types=1);

namespace Userref\Web;

use Userref\Contract\ErrorCode;
use Userref\Contract\VisitorTexts;

/**
 * What a page about an error says to visitors, in their language. Texts, not markup: escape them as any other. No cause
 * and no secret.
 */
final class ErrorPage
{
    /**
     * @param string $language BCP 47, for `lang`
     * @param 'ltr'|'rtl' $direction for `dir`
     * @param string $title what happened, in a few words
     * @param string $happened what happened, in a sentence
     * @param string $advice what the visitor can do
     * @param string $helpUrl where the code is explained to developers
     * @param bool $isTransient whether trying again makes sense
     * @param string|null $requestId by which the core's operator finds what happened
     * @param array<string, string> $links ways on, text by address of this site, the best one first
     * @param array<string, string> $words
     */
    public function __construct(
        public readonly int $status,
        public readonly ErrorCode $code,
        public readonly string $language,
        public readonly string $direction,
        public readonly string $title,
        public readonly string $happened,
        public readonly string $advice,
        public readonly string $helpUrl,
        public readonly bool $isTransient,
        public readonly ?string $requestId,
        public readonly array $links,
        private readonly array $words,
    ) {
    }

    /** A plain page that says what happened, what to do, and the code to tell whoever helps. Fits any site. */
    public function html(): string
    {
        [$title, $happened, $advice] = array_map(self::inert(...), [$this->title, $this->happened, $this->advice]);
        $items = '';
        foreach ($this->links as $href => $text) {
            $items .= '<li><a href="' . self::inert((string) $href) . '">' . self::inert($text) . "</a></li>\n";
        }
        $help = self::inert($this->helpUrl);
        [$word, $request, $id] = array_map(
            self::inert(...),
            [$this->words['code'], $this->words['request'], $this->requestId ?? ''],
        );
        $request = $id === '' ? '' : "<br>{$request} <bdi dir=\"ltr\">{$id}</bdi>";
        $code = "<a href=\"{$help}\" rel=\"noreferrer\"><bdi dir=\"ltr\">{$this->code->value}</bdi></a>";

        $style = VisitorTexts::PAGE_STYLE;

        return <<<HTML
            <!doctype html>
            <html lang="{$this->language}" dir="{$this->direction}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <title>{$title}</title>
            <style>{$style}</style>
            </head>
            <body>
            <main>
            <h1>{$title}</h1>
            <p>{$happened}</p>
            <p>{$advice}</p>
            <ul>
            {$items}</ul>
            <p><small>{$word} {$code}{$request}</small></p>
            </main>
            </body>
            </html>

            HTML;
    }

    private static function inert(string $text): string
    {
        return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }
}
