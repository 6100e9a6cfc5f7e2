<?php

declare(strict_types=1);

namespace Userref\Bridge;

/** A request to the bridge. */
final class Request
{
    /** @param array<string, string> $headers */
    public function __construct(
        public readonly string $method,
        /** Path and query. */
        public readonly string $target,
        #[\SensitiveParameter] public readonly array $headers,
        #[\SensitiveParameter] public readonly string $body,
        public readonly float $timeoutSeconds,
    ) {
    }

    /** @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['method' => $this->method, 'target' => $this->target];
    }
}
