<?php

declare(strict_types=1);

namespace Userref\Tests;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Userref\Passport\WeakRsa;

final class WeakRsaTest extends TestCase
{
    private const GOOD = 'rQ3Dbae8sDruRirpF-KkCgrfXc6kiK4dd3UoHF3QYKfHRtexAxdfN860pS6_aIJ9rWs4CddYpSPvA_CYIUiqnArU3wgfn6cm74o28ORij_IlDZbIw-tWCOqjOcdTKJEPGm647Vo_K1xUAnMrkisWMWwwkvgt6TcT7CnBWLJlf-Yb1ZOYNxAS6syiCCKnRfa95nlZs7kYrZQXhVhRwwmlBGB8aYCiKyHIHrccdE8TCZXtaH9B9RnwJaJniRiBFQUIzxqJ5sEAqJZeS0Vny23MJDHfeEsddLc8OmJpLUfjaNXNKhe6NQgtvWHbduzu1WhLDC99HdwUeOErw9YH5IcmHQ';
    /** A power of 65537 modulo the product of the first primes: the mark of CVE-2017-15361. */
    private const ROCA = 'gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADcZVB1L8-ymIZCI-Yx0Kuhjoypt9oaVKCBrnyQ';

    public function testAKeyOf2048BitsWithTheUsualExponentIsGood(): void
    {
        self::assertFalse(WeakRsa::isWeak(self::GOOD, 'AQAB'));
    }

    /** @dataProvider weakKeys */
    #[DataProvider('weakKeys')]
    public function testAWeakKeyIsSeen(mixed $modulus, mixed $exponent): void
    {
        self::assertTrue(WeakRsa::isWeak($modulus, $exponent));
    }

    /** @return array<string, array{mixed, mixed}> */
    public static function weakKeys(): array
    {
        $encode = static fn (string $bytes): string => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');

        return [
            'exponent 1' => [self::GOOD, 'AQ'],
            'exponent 3' => [self::GOOD, 'Aw'],
            'an even exponent' => [self::GOOD, 'AQAC'],
            'a huge exponent' => [self::GOOD, $encode("\x01" . str_repeat("\0", 7) . "\x01")],
            '2047 bits' => [$encode("\x7f" . str_repeat("\xff", 255)), 'AQAB'],
            'zeros in front of 2047 bits' => [$encode("\0\0\x7f" . str_repeat("\xff", 255)), 'AQAB'],
            '16384 bits' => [$encode(str_repeat("\xff", 2048)), 'AQAB'],
            'an even modulus' => [$encode("\x80" . str_repeat("\0", 255)), 'AQAB'],
            'the mark of ROCA' => [self::ROCA, 'AQAB'],
            'no modulus' => [null, 'AQAB'],
            'the standard alphabet' => ['++++', 'AQAB'],
            'no exponent' => [self::GOOD, null],
        ];
    }
}
