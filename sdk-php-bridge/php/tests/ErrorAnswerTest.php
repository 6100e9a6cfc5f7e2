<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Contract\ErrorCode;
use Userref\Exception\ConfigException;
use Userref\Exception\ConsentRequired;
use Userref\Exception\LoginFailed;
use Userref\Exception\UserrefException;
use Userref\Session\ArraySessionStorage;
use Userref\Testing\FakeUserref;
use Userref\Web\AcceptLanguage;
use Userref\Web\Answer;
use Userref\Web\Cookie;
use Userref\Web\ErrorPage;
use Userref\Web\Hooks;
use Userref\Web\IncomingRequest;
use Userref\Web\Site;

/** What visitors see of an error. */
final class ErrorAnswerTest extends TestCase
{
    private const CONTRACT = __DIR__ . '/../../../docs/contract/';

    /** @dataProvider codes */
    #[DataProvider('codes')]
    public function testAPageTellsVisitorsWhatTheContractSaysAndKeepsTheCodeForWhoeverMendsIt(ErrorCode $code): void
    {
        $error = new UserrefException($code, 'Said to developers.', requestId: 'req-7');
        ['languages' => $languages, 'groups' => $groups] = self::contract('visitor-texts.json');
        $group = self::groupOf($code->value, $groups);
        foreach ($languages as ['tag' => $tag, 'direction' => $direction, 'words' => $words]) {
            $page = self::answer($error, 'text/html', $tag)->body;
            $links = $group['way'] === 'sign_in' ? [$words['signIn'], $words['start']] : [$words['start']];
            self::assertStringContainsString("<html lang=\"{$tag}\" dir=\"{$direction}\">", $page);
            foreach ([...array_values($group['texts'][$tag]), $code->value, 'req-7', ...$links] as $text) {
                self::assertStringContainsString('>' . htmlspecialchars($text, ENT_QUOTES) . '</', $page);
            }
            self::assertSame(count($links), substr_count($page, '<li>'));
            self::assertStringContainsString("<a href=\"{$code->helpUrl()}\" rel=\"noreferrer\">", $page);
            self::assertStringNotContainsString('Said to developers.', $page);
            self::assertStringNotContainsString(htmlspecialchars($code->fix(), ENT_QUOTES), $page);
        }
        $problem = self::answer($error, 'application/json', 'de')->body;
        self::assertStringContainsString($code->title(), $problem);
        self::assertStringContainsString('Said to developers.', $problem);
    }

    /** @return array<string, array{ErrorCode}> */
    public static function codes(): array
    {
        $codes = ErrorCode::cases();

        return array_combine(array_column($codes, 'value'), array_map(static fn (ErrorCode $code) => [$code], $codes));
    }

    /**
     * @dataProvider wishes
     *
     * @param non-empty-list<string> $languages
     */
    #[DataProvider('wishes')]
    public function testSpeaksTheLanguageOfTheContract(array $languages, ?string $header, string $expected): void
    {
        self::assertSame($expected, AcceptLanguage::choose($header, $languages));
        if (count($languages) === 7) {
            $page = self::answer(new UserrefException(ErrorCode::LoginDenied), 'text/html', $header)->body;
            self::assertStringContainsString("<html lang=\"{$expected}\"", $page);
        }
    }

    /** @return array<string, array{list<string>, string|null, string}> */
    public static function wishes(): array
    {
        $vectors = self::contract('vectors/accept-language/cases.json');
        $cases = [];
        foreach ([...$vectors['cases'], ...$vectors['of_some_languages']] as $case) {
            $languages = $case['languages'] ?? $vectors['languages'];
            $cases[$case['scenario']] = [$languages, $case['accept_language'], $case['language']];
        }

        return $cases;
    }

    public function testLeadsWhoeverSharedNothingToTheChoice(): void
    {
        $page = self::answer(new ConsentRequired(['contact:email'], 'order_delivery'), 'text/html', 'de')->body;
        self::assertMatchesRegularExpression('~<li><a href="/[^"]*purpose=order_delivery[^"]*">Wählen, was ~', $page);
    }

    public function testWhatIsNotSetUpRightIsNotThereForNow(): void
    {
        foreach ([new UserrefException(ErrorCode::BridgeUnauthorized), new ConfigException(['site is missing'])] as $error) {
            $answer = self::answer($error, 'text/html');
            self::assertSame([503, '5'], [$answer->status, $answer->headers['Retry-After']]);
            self::assertStringNotContainsString('site is missing', $answer->body);
        }
    }

    public function testASiteShowsItsOwnPageAndCannotLoseStatusCookiesOrWhoMayKeepIt(): void
    {
        $shown = [];
        $error = new LoginFailed(ErrorCode::LoginDenied, cookies: [new Cookie('gone', '', 0, true)]);
        $show = static function (ErrorPage $page) use (&$shown): Answer {
            $shown[] = $page;

            return new Answer(200, ['cache-control' => 'public', 'Content-Type' => 'text/plain'], "Shop: {$page->title}");
        };
        $answer = self::answer($error, 'text/html', 'fr', $show);
        self::assertSame([403, 'Shop: Vous n’êtes pas connecté'], [$answer->status, $answer->body]);
        self::assertSame('text/plain', $answer->headers['Content-Type']);
        self::assertSame('no-store', $answer->headers['Cache-Control']);
        self::assertSame('no-referrer', $answer->headers['Referrer-Policy']);
        self::assertArrayNotHasKey('Content-Security-Policy', $answer->headers);
        self::assertArrayNotHasKey('cache-control', $answer->headers);
        self::assertSame(['gone'], array_map(static fn (Cookie $cookie): string => $cookie->name, $answer->cookies));
        self::assertSame(['fr', 'ltr', ErrorCode::LoginDenied], [$shown[0]->language, $shown[0]->direction, $shown[0]->code]);
        self::assertSame(['Se reconnecter', 'Retour à la page d’accueil'], array_values($shown[0]->links));
    }

    public function testASiteMayLeadToAPageOfItsOwnOrShowThePlainOneAndProgramsGetNeither(): void
    {
        $error = new UserrefException(ErrorCode::NotFound);
        $lead = static fn (ErrorPage $page): Answer => Answer::redirect("/problem?code={$page->code->value}");
        $answer = self::answer($error, 'text/html', null, $lead);
        self::assertSame([303, '/problem?code=not_found'], [$answer->status, $answer->headers['Location']]);
        $plain = self::answer($error, 'text/html', null, static fn (): ?Answer => null);
        self::assertEquals(self::answer($error, 'text/html'), $plain);
        self::assertSame(404, self::answer($error, 'application/json', null, $lead)->status);
    }

    private static function answer(
        UserrefException $error,
        string $accept,
        ?string $language = null,
        ?\Closure $renderError = null,
    ): Answer {
        $headers = ['accept' => $accept] + ($language === null ? [] : ['accept-language' => $language]);
        $request = new IncomingRequest('GET', '/', '', $headers);
        $hooks = new Hooks(renderError: $renderError);

        return (new Site((new FakeUserref())->userref, new ArraySessionStorage(), $request, $hooks))->answerError($error);
    }

    /**
     * @param list<array{codes: list<string>, prefixes?: list<string>, way: string, texts: array<string, mixed>}> $groups
     *
     * @return array{way: string, texts: array<string, mixed>}
     */
    private static function groupOf(string $code, array $groups): array
    {
        foreach ($groups as $group) {
            if (in_array($code, $group['codes'], true)) {
                return $group;
            }
        }
        foreach ($groups as $group) {
            foreach ($group['prefixes'] ?? [] as $prefix) {
                if (str_starts_with($code, $prefix)) {
                    return $group;
                }
            }
        }

        return $groups[array_key_last($groups)];
    }

    /** @return array<string, mixed> */
    private static function contract(string $file): array
    {
        return json_decode((string) file_get_contents(self::CONTRACT . $file), true, 16, JSON_THROW_ON_ERROR);
    }
}
