<?php

declare(strict_types=1);

namespace Userref\Bridge;

/** What the bridge answered. */
final class Response
{
    public function __construct(
        public readonly int $status,
        #[\SensitiveParameter] public readonly string $body,
    ) {
    }

    /** @return array<string, int> */
    public function __debugInfo(): array
    {
        return ['status' => $this->status];
    }
}
