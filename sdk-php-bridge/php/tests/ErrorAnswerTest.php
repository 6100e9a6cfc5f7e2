<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Contract\ErrorCode;
use Userref\Exception\ConfigException;
use Userref\Exception\UserrefException;
use Userref\Session\ArraySessionStorage;
use Userref\Testing\FakeUserref;
use Userref\Web\Answer;
use Userref\Web\IncomingRequest;
use Userref\Web\Site;

/** What visitors see of an error. */
final class ErrorAnswerTest extends TestCase
{
    /** Words that mean nothing to whoever visits a site. */
    private const OF_DEVELOPERS = '/bridge|core\b|issuer|secret|SDK|webhook|`|\(\)|USERREF_|GDPR|registered|operator/i';

    /** @dataProvider codes */
    #[DataProvider('codes')]
    public function testAPageTellsVisitorsWhatTheyCanDoAndKeepsTheCodeForWhoeverMendsIt(ErrorCode $code): void
    {
        $page = self::answer(new UserrefException($code, 'Said to developers.'), 'text/html')->body;
        self::assertStringContainsString("<a href=\"{$code->helpUrl()}\" rel=\"noreferrer\">{$code->value}</a>", $page);
        self::assertSame(1, preg_match('~<p>(?:Please|You|Choose|It) [^<]+\.</p>\s*<ul>~', $page));
        self::assertStringNotContainsString('Said to developers.', $page);
        $texts = (string) preg_replace('~<small>.*</small>|<[^>]+>~s', '', $page);
        self::assertSame(0, preg_match(self::OF_DEVELOPERS, $texts), $texts);
        self::assertStringContainsString('Back to the start page', $texts);
        self::assertStringContainsString($code->title(), self::answer(new UserrefException($code), 'application/json')->body);
    }

    /** @return array<string, array{ErrorCode}> */
    public static function codes(): array
    {
        $codes = ErrorCode::cases();

        return array_combine(array_column($codes, 'value'), array_map(static fn (ErrorCode $code) => [$code], $codes));
    }

    public function testWhatIsNotSetUpRightIsNotThereForNow(): void
    {
        foreach ([new UserrefException(ErrorCode::BridgeUnauthorized), new ConfigException(['site is missing'])] as $error) {
            $answer = self::answer($error, 'text/html');
            self::assertSame([503, '5'], [$answer->status, $answer->headers['Retry-After']]);
            self::assertStringNotContainsString('site is missing', $answer->body);
        }
    }

    private static function answer(UserrefException $error, string $accept): Answer
    {
        $request = new IncomingRequest('GET', '/', '', ['accept' => $accept]);

        return (new Site((new FakeUserref())->userref, new ArraySessionStorage(), $request))->answerError($error);
    }
}
