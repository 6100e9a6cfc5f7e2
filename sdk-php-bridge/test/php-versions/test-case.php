<?php

// As much of PHPUnit as the client's tests use, so that they run where PHPUnit does not: on every version of PHP in
// WebAssembly, with warnings and deprecations fatal.

declare(strict_types=1);

namespace PHPUnit\Framework;

final class Failed extends \Exception
{
}

abstract class TestCase
{
    private ?string $expectedClass = null;
    private ?string $expectedMessage = null;

    protected function setUp(): void
    {
    }

    /** @return list<string> what failed */
    public static function runAll(): array
    {
        $failures = [];
        foreach ((new \ReflectionClass(static::class))->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
            if (!str_starts_with($method->name, 'test')) {
                continue;
            }
            foreach (self::casesOf($method) as $name => $case) {
                $GLOBALS['count']++;
                $failure = (new static())->outcome($method->name, $case);
                if ($failure !== null) {
                    $failures[] = static::class . "::{$method->name} ({$name}): {$failure}";
                }
            }
        }

        return $failures;
    }

    /** @return array<array-key, array<mixed>> */
    private static function casesOf(\ReflectionMethod $method): array
    {
        $hasProvider = preg_match('/@dataProvider (\w+)/', (string) $method->getDocComment(), $found) === 1;

        return $hasProvider ? [static::class, $found[1]]() : [[]];
    }

    /** @param array<mixed> $case */
    private function outcome(string $method, array $case): ?string
    {
        $thrown = null;
        try {
            $this->setUp();
            $this->{$method}(...array_values($case));
        } catch (\Throwable $thrown) {
        }
        if ($this->expectedClass === null) {
            return $thrown === null ? null : $thrown::class . ': ' . $thrown->getMessage() . ' at ' . $thrown->getLine();
        }
        $fits = $thrown instanceof $this->expectedClass
            && str_contains($thrown->getMessage(), $this->expectedMessage ?? '');

        return $fits ? null : "{$this->expectedClass} was not thrown: " . ($thrown === null ? 'nothing' : $thrown->getMessage());
    }

    public function expectException(string $class): void
    {
        $this->expectedClass = $class;
    }

    public function expectExceptionMessage(string $message): void
    {
        $this->expectedMessage = $message;
    }

    public function expectExceptionObject(\Exception $expected): void
    {
        $this->expectedClass = $expected::class;
        $this->expectedMessage = $expected->getMessage();
    }

    public static function fail(string $message): never
    {
        throw new Failed($message);
    }

    public static function assertTrue(mixed $value, string $message = 'not true'): void
    {
        $value === true || self::fail($message);
    }

    public static function assertFalse(mixed $value, string $message = 'not false'): void
    {
        $value === false || self::fail($message);
    }

    public static function assertNull(mixed $value): void
    {
        $value === null || self::fail('not null');
    }

    public static function assertNotNull(mixed $value): void
    {
        $value !== null || self::fail('null');
    }

    public static function assertSame(mixed $expected, mixed $given): void
    {
        $expected === $given || self::fail(json_encode($expected) . ' is not ' . json_encode($given));
    }

    public static function assertNotSame(mixed $expected, mixed $given): void
    {
        $expected !== $given || self::fail('the same');
    }

    /** @param array<mixed> $given */
    public static function assertCount(int $expected, array $given): void
    {
        self::assertSame($expected, count($given));
    }

    public static function assertGreaterThanOrEqual(int $least, int $given): void
    {
        $given >= $least || self::fail("{$given} is less than {$least}");
    }

    public static function assertStringContainsString(string $part, string $text): void
    {
        str_contains($text, $part) || self::fail("{$part} is not in it");
    }

    public static function assertStringNotContainsString(string $part, string $text): void
    {
        !str_contains($text, $part) || self::fail("{$part} is in it");
    }

    public static function assertStringStartsWith(string $start, string $text): void
    {
        str_starts_with($text, $start) || self::fail("it does not begin with {$start}");
    }

    public static function assertMatchesRegularExpression(string $pattern, string $text): void
    {
        preg_match($pattern, $text) === 1 || self::fail("it does not match {$pattern}");
    }

    /** @param array<mixed> $given */
    public static function assertArrayNotHasKey(string $key, array $given): void
    {
        !array_key_exists($key, $given) || self::fail("{$key} is in it");
    }

    public static function assertEquals(mixed $expected, mixed $given): void
    {
        $expected == $given || self::fail('not equal');
    }
}
