<?php

declare(strict_types=1);

namespace Userref\Passport;

/**
 * JSON as every language reads it (RFC 7493): UTF-8 without byte order mark, whole surrogate pairs, at most 64 levels,
 * no member twice. `json_decode` takes `TRUE`, keeps the last of two equal members and cannot tell `{}` from `[]`.
 */
final class StrictJson
{
    private const STRING = '/\G"((?:[^"\\\\\x00-\x1f]++|\\\\(?:["\\\\\/bfnrt]|u[0-9a-fA-F]{4}))*+)"/';
    private const NUMBER = '/\G-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/';
    private const MAX_DEPTH = 64;
    private const WORDS = ['true' => true, 'false' => false, 'null' => null];
    private const ESCAPES = ['b' => "\x08", 'f' => "\f", 'n' => "\n", 'r' => "\r", 't' => "\t"];

    private int $at = 0;
    private int $depth = 0;
    private bool $hasDuplicate = false;

    private function __construct(private readonly string $text)
    {
    }

    /** @throws JsonFault */
    public static function parse(string $text): mixed
    {
        if (preg_match('//u', $text) !== 1) {
            throw new JsonFault();
        }
        $parser = new self($text);
        $value = $parser->value();
        $parser->skipSpace();
        if ($parser->at !== strlen($text)) {
            throw new JsonFault();
        }
        // Only now: a text that is no JSON at all is malformed, whatever occurs twice in it.
        if ($parser->hasDuplicate && $value instanceof JsonObject) {
            throw new JsonFault(isDuplicateMember: true);
        }

        return $value;
    }

    private function value(): mixed
    {
        $this->skipSpace();

        return match ($this->text[$this->at] ?? '') {
            '{' => $this->object(),
            '[' => $this->list(),
            '"' => $this->string(),
            default => $this->wordOrNumber(),
        };
    }

    private function object(): JsonObject
    {
        $members = [];
        $this->open();
        if ($this->takes('}')) {
            return $this->close(new JsonObject($members));
        }
        do {
            $this->skipSpace();
            $name = $this->string();
            $this->hasDuplicate = $this->hasDuplicate || array_key_exists($name, $members);
            $this->expect(':');
            $members[$name] = $this->value();
        } while ($this->takes(','));
        $this->expect('}');

        return $this->close(new JsonObject($members));
    }

    /** @return list<mixed> */
    private function list(): array
    {
        $items = [];
        $this->open();
        if ($this->takes(']')) {
            return $this->close($items);
        }
        do {
            $items[] = $this->value();
        } while ($this->takes(','));
        $this->expect(']');

        return $this->close($items);
    }

    private function open(): void
    {
        $this->at++;
        if (++$this->depth > self::MAX_DEPTH && !$this->hasDuplicate) {
            throw new JsonFault();
        }
    }

    private function close(mixed $value): mixed
    {
        $this->depth--;

        return $value;
    }

    private function string(): string
    {
        if (preg_match(self::STRING, $this->text, $found, 0, $this->at) !== 1) {
            throw new JsonFault();
        }
        $this->at += strlen($found[0]);
        if (!str_contains($found[1], '\\')) {
            return $found[1];
        }
        $pattern = '/\\\\u([dD][89abAB]..)\\\\u([dD][c-fC-F]..)|\\\\u(....)|\\\\(.)/';

        return (string) preg_replace_callback($pattern, self::unescape(...), $found[1]);
    }

    /** @param array<int, string> $found */
    private static function unescape(array $found): string
    {
        if (isset($found[4])) {
            return self::ESCAPES[$found[4]] ?? $found[4];
        }
        if (($found[1] ?? '') !== '') {
            $high = hexdec($found[1]) - 0xD800;

            return self::utf8(0x10000 + ($high << 10) + hexdec($found[2]) - 0xDC00);
        }
        $point = (int) hexdec($found[3]);

        return $point >= 0xD800 && $point <= 0xDFFF ? throw new JsonFault() : self::utf8($point);
    }

    private static function utf8(int $point): string
    {
        return match (true) {
            $point < 0x80 => chr($point),
            $point < 0x800 => chr(0xC0 | $point >> 6) . chr(0x80 | $point & 0x3F),
            $point < 0x10000 => chr(0xE0 | $point >> 12) . chr(0x80 | $point >> 6 & 0x3F) . chr(0x80 | $point & 0x3F),
            default => chr(0xF0 | $point >> 18) . chr(0x80 | $point >> 12 & 0x3F)
                . chr(0x80 | $point >> 6 & 0x3F) . chr(0x80 | $point & 0x3F),
        };
    }

    private function wordOrNumber(): mixed
    {
        foreach (self::WORDS as $word => $value) {
            if (substr_compare($this->text, $word, min($this->at, strlen($this->text)), strlen($word)) === 0) {
                $this->at += strlen($word);

                return $value;
            }
        }
        if (preg_match(self::NUMBER, $this->text, $found, 0, $this->at) !== 1) {
            throw new JsonFault();
        }
        $this->at += strlen($found[0]);
        $isInteger = ($found[1] ?? '') === '' && ($found[2] ?? '') === '' && strlen($found[0]) < 18;

        // By adding, it becomes a float where PHP's integers are too small for it.
        return $isInteger ? $found[0] + 0 : (float) $found[0];
    }

    private function takes(string $character): bool
    {
        $this->skipSpace();
        if (($this->text[$this->at] ?? '') !== $character) {
            return false;
        }
        $this->at++;

        return true;
    }

    private function expect(string $character): void
    {
        if (!$this->takes($character)) {
            throw new JsonFault();
        }
    }

    private function skipSpace(): void
    {
        $this->at += strspn($this->text, " \t\n\r", $this->at);
    }
}
