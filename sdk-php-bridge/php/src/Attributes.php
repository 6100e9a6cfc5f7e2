<?php

declare(strict_types=1);

namespace Userref;

use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefException;

/**
 * Personal data for this moment only: show it, use it, do not store it. Dumps, JSON and text show names and no values;
 * `get` is the one way to a value.
 */
final class Attributes implements \JsonSerializable, \Stringable
{
    /** @var Hidden<array<string, mixed>> */
    private readonly Hidden $values;

    /** @param array<string, mixed> $values */
    public function __construct(#[\SensitiveParameter] array $values)
    {
        $this->values = new Hidden($values);
    }

    /** @return list<string> */
    public function names(): array
    {
        return array_map('strval', array_keys($this->values->reveal()));
    }

    /**
     * The value: text, bool, or an array as the contract says for the attribute; null for what the person shares and
     * does not have.
     *
     * @throws UserrefException `unknown_attribute` for what was not fetched
     */
    public function get(string $name): mixed
    {
        $values = $this->values->reveal();
        if (!array_key_exists($name, $values)) {
            throw new UserrefException(ErrorCode::UnknownAttribute, "{$name} was not fetched.");
        }

        return $values[$name];
    }

    /** @return array<string, string> */
    public function jsonSerialize(): array
    {
        return array_fill_keys($this->names(), '[redacted]');
    }

    public function __toString(): string
    {
        return 'Attributes(' . implode(', ', $this->names()) . ')';
    }

    /** @return array<string, string> */
    public function __debugInfo(): array
    {
        return $this->jsonSerialize();
    }

    /** @return array<string, mixed> */
    public function __serialize(): array
    {
        throw new \LogicException('Personal data is not stored: fetch it again when it is needed.');
    }
}
