<?php

declare(strict_types=1);

namespace Userref\Web;

/** What Userref needs to know of a request. Host and scheme are no part of it: they come from `base_url` alone. */
final class IncomingRequest
{
    /** @param array<string, string> $headers by lower-case name */
    public function __construct(
        public readonly string $method,
        public readonly string $path,
        /** As it came, without `?`. */
        public readonly string $query,
        private readonly array $headers,
        private readonly string|\Closure $body = '',
    ) {
    }

    /** The request that PHP is answering. */
    public static function fromGlobals(): self
    {
        $headers = [];
        foreach ($_SERVER as $name => $value) {
            if (str_starts_with((string) $name, 'HTTP_') && is_string($value)) {
                $headers[str_replace('_', '-', strtolower(substr((string) $name, 5)))] = $value;
            }
        }
        [$path, $query] = explode('?', (string) ($_SERVER['REQUEST_URI'] ?? '/'), 2) + ['/', ''];

        return new self(
            (string) ($_SERVER['REQUEST_METHOD'] ?? 'GET'),
            $path,
            $query,
            $headers,
            static fn (): string => (string) file_get_contents('php://input', length: 65537),
        );
    }

    /** Without its query, headers and body: cookies and codes are in them. @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['method' => $this->method, 'path' => $this->path];
    }

    public function header(string $name): ?string
    {
        return $this->headers[$name] ?? null;
    }

    /** @return array<string, string> */
    public function headers(): array
    {
        return $this->headers;
    }

    /** Byte for byte as it came. */
    public function rawBody(): string
    {
        return is_string($this->body) ? $this->body : ($this->body)();
    }

    /** One parameter of the query; the last of several. */
    public function parameter(string $name): ?string
    {
        parse_str($this->query, $parameters);
        $value = $parameters[$name] ?? null;

        return is_string($value) ? $value : null;
    }

    /** Whether a browser looks ahead: that must neither sign anybody in nor out. */
    public function isPrefetch(): bool
    {
        foreach (['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as $name) {
            if (preg_match('/prefetch|prerender|preview/i', $this->header($name) ?? '') === 1) {
                return true;
            }
        }

        return false;
    }

    /** Whether a person looks at the answer: a page load, not a script's request. */
    public function wantsHtml(): bool
    {
        $mode = $this->header('sec-fetch-mode');

        return str_contains($this->header('accept') ?? '', 'text/html') && in_array($mode, [null, 'navigate'], true);
    }

    /** Whether a form of this very site sent it. Browsers set the headers and pages cannot; without either it is refused. */
    public function isSameOrigin(string $baseUrl): bool
    {
        $origin = $this->header('origin');
        $site = $this->header('sec-fetch-site');

        return $site === null
            ? $origin === $baseUrl
            : $site === 'same-origin' && in_array($origin, [null, '', 'null', $baseUrl], true);
    }
}
