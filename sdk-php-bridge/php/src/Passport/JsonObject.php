<?php

declare(strict_types=1);

namespace Userref\Passport;

/** A JSON object, told apart from a list even when it is empty or its members are numbers. */
final class JsonObject
{
    /** @param array<array-key, mixed> $members */
    public function __construct(private readonly array $members)
    {
    }

    public function has(string $name): bool
    {
        return array_key_exists($name, $this->members);
    }

    /** The member, or null where there is none: ask `has` where that makes a difference. */
    public function get(string $name): mixed
    {
        return $this->members[$name] ?? null;
    }
}
