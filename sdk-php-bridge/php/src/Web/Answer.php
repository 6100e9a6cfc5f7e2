<?php

declare(strict_types=1);

namespace Userref\Web;

/** A whole HTTP answer, to send as it is. */
final class Answer
{
    /**
     * @param array<string, string> $headers
     * @param list<Cookie> $cookies one `Set-Cookie` header each
     */
    public function __construct(
        public readonly int $status,
        public readonly array $headers = [],
        public readonly string $body = '',
        public readonly array $cookies = [],
    ) {
    }

    /**
     * 303: the browser goes on with GET. Nothing of the way there is kept or passed on.
     *
     * @param list<Cookie> $cookies
     */
    public static function redirect(string $location, array $cookies = []): self
    {
        $headers = ['Location' => $location, 'Cache-Control' => 'no-store', 'Referrer-Policy' => 'no-referrer'];

        return new self(303, $headers, '', $cookies);
    }

    /** @param array<string, string> $headers */
    public static function empty(int $status, array $headers = []): self
    {
        return new self($status, ['Cache-Control' => 'no-store'] + $headers);
    }

    /** To a browser that looks ahead, which throws it away and asks again when the link is followed. */
    public static function refusedPrefetch(): self
    {
        return self::empty(503, ['Retry-After' => '0']);
    }

    /** @param list<Cookie> $cookies in front of those that it has */
    public function withCookies(array $cookies): self
    {
        return new self($this->status, $this->headers, $this->body, [...$cookies, ...$this->cookies]);
    }

    /** Sends it by PHP's own functions. */
    public function send(): void
    {
        http_response_code($this->status);
        foreach ($this->headers as $name => $value) {
            header("{$name}: {$value}");
        }
        foreach ($this->cookies as $cookie) {
            header('Set-Cookie: ' . $cookie->header(), false);
        }
        echo $this->body;
    }
}
