<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use Userref\Contract\ErrorCode;
use Userref\Exception\ConsentRequired;
use Userref\Exception\UserrefException;
use Userref\Tests\Support\SiteTestCase;

/** What a site shows of an error. */
final class SiteErrorTest extends SiteTestCase
{
    /** @dataProvider hostileTexts */
    #[DataProvider('hostileTexts')]
    public function testTextFromElsewhereIsInertOnPages(string $text): void
    {
        $errors = [
            new ConsentRequired(["contact:email{$text}"], "news{$text}"),
            new UserrefException(ErrorCode::LoginDenied, $text, requestId: $text),
        ];
        foreach ($errors as $error) {
            $page = $this->site("/{$text}", headers: self::HTML)->answerError($error);
            self::assertFalse(str_contains($page->body, $text), 'The text came through as it is.');
        }
        self::assertSame(1, preg_match('/<style>([^<]+)<\/style>/', $page->body, $found));
        $hash = base64_encode(hash('sha256', $found[1], true));
        self::assertSame(
            "default-src 'none'; style-src 'sha256-{$hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            $page->headers['Content-Security-Policy'],
        );
    }

    /** @return list<array{string}> */
    public static function hostileTexts(): array
    {
        return [['<script>alert(1)</script>'], ['"><img src=x onerror=alert(1)>'], ["'; drop table orders; --"]];
    }
}
