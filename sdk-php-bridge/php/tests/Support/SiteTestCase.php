<?php

declare(strict_types=1);

namespace Userref\Tests\Support;

use PHPUnit\Framework\TestCase;
use Userref\Session\ArraySessionStorage;
use Userref\Testing\FakeUserref;
use Userref\Web\Answer;
use Userref\Web\Hooks;
use Userref\Web\IncomingRequest;
use Userref\Web\Site;

/** A site and a browser that visits it. */
abstract class SiteTestCase extends TestCase
{
    protected const HTML = ['accept' => 'text/html', 'sec-fetch-mode' => 'navigate'];

    protected FakeUserref $fake;
    protected ArraySessionStorage $storage;

    protected function setUp(): void
    {
        $this->fake = new FakeUserref(['contact:email' => 'amber@example.org']);
        $this->storage = new ArraySessionStorage();
    }

    protected function signIn(string $returnTo): Answer
    {
        $login = $this->get('/userref/login', 'return_to=' . rawurlencode($returnTo));

        return $this->comeBack($login, FakeUserref::cookieHeader($login->cookies));
    }

    protected function comeBack(Answer $login, string $cookieHeader): Answer
    {
        $query = $this->fake->answerTo($login->headers['Location']);

        return $this->get('/userref/callback', $query, ['cookie' => $cookieHeader]);
    }

    /** @param array<string, string> $headers */
    protected function get(string $path, string $query = '', array $headers = []): Answer
    {
        $answer = $this->site($path, $query, headers: $headers)->handle();
        self::assertNotNull($answer);

        return $answer;
    }

    /** @param array<string, string> $headers */
    protected function site(
        string $path,
        string $query = '',
        string $method = 'GET',
        array $headers = [],
        string $body = '',
        ?Hooks $hooks = null,
    ): Site {
        $request = new IncomingRequest($method, $path, $query, $headers, $body);

        return new Site($this->fake->userref, $this->storage, $request, $hooks);
    }
}
