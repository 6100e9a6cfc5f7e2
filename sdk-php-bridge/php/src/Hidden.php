<?php

declare(strict_types=1);

namespace Userref;

/**
 * A secret or personal value that shows up nowhere by itself: not in `var_dump`, `var_export`, `print_r`, an array
 * cast, JSON, a log or a stack trace, and that cannot be serialized. `reveal` is the one way to it.
 *
 * @template T
 */
final class Hidden implements \JsonSerializable
{
    /** Beside the object and not in it: property tables are what dumpers read. */
    private static ?\WeakMap $values = null;

    /** @param T $value */
    public function __construct(#[\SensitiveParameter] mixed $value)
    {
        self::$values ??= new \WeakMap();
        self::$values[$this] = $value;
    }

    /** @return T */
    public function reveal(): mixed
    {
        return self::$values[$this];
    }

    public function jsonSerialize(): string
    {
        return '[redacted]';
    }

    public function __toString(): string
    {
        return '[redacted]';
    }

    /** @return array{value: string} */
    public function __debugInfo(): array
    {
        return ['value' => '[redacted]'];
    }

    public function __serialize(): array
    {
        throw new \LogicException('What is hidden cannot be serialized.');
    }

    /** @param array<mixed> $data */
    public function __unserialize(array $data): void
    {
        throw new \LogicException('What is hidden cannot be unserialized.');
    }

    private function __clone()
    {
    }
}
