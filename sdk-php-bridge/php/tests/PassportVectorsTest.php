<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Tests\Support\PassportVector;

/** The same cases, verdicts and reasons as every other verifier of passports. */
final class PassportVectorsTest extends TestCase
{
    private const FOLDER = __DIR__ . '/../../../docs/contract/vectors/passports/';

    /** @dataProvider vectors */
    #[DataProvider('vectors')]
    public function testGivesTheVerdictAndReasonOfTheContract(string $file): void
    {
        $vector = PassportVector::read($file);
        self::assertSame($vector->expected(), $vector->verdict());
    }

    public function testThereAreAtLeastThreeHundred(): void
    {
        self::assertGreaterThanOrEqual(300, count(self::vectors()));
    }

    /** @return array<string, array{string}> */
    public static function vectors(): array
    {
        $files = glob(self::FOLDER . '*.json') ?: [];

        return array_combine(array_map('basename', $files), array_map(static fn (string $file): array => [$file], $files));
    }
}
