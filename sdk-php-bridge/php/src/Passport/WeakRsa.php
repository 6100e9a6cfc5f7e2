<?php

declare(strict_types=1);

namespace Userref\Passport;

/** Finds RSA keys that are too small, have an unsafe exponent, or the mark of CVE-2017-15361 (ROCA). */
final class WeakRsa
{
    private const MIN_BITS = 2048;
    private const MAX_BITS = 8192;
    private const MIN_EXPONENT = 65537;
    private const ROCA_PRIMES = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

    public static function isWeak(mixed $modulus, mixed $exponent): bool
    {
        $n = Base64url::decode($modulus);
        $e = Base64url::decode($exponent);
        if ($n === null || $e === null) {
            return true;
        }
        $n = ltrim($n, "\0");
        $bits = $n === '' ? 0 : (strlen($n) - 1) * 8 + strlen(decbin(ord($n[0])));
        $isOdd = $n !== '' && (ord($n[-1]) & 1) === 1;

        return $bits < self::MIN_BITS || $bits > self::MAX_BITS || !$isOdd
            || !self::isSafeExponent(ltrim($e, "\0")) || self::hasRocaMark($n);
    }

    /** Odd, at least 65537, below 2^64. */
    private static function isSafeExponent(string $e): bool
    {
        if ($e === '' || strlen($e) > 8 || (ord($e[-1]) & 1) === 0) {
            return false;
        }

        return strlen($e) > 3 || hexdec(bin2hex($e)) >= self::MIN_EXPONENT;
    }

    /** The broken generator's moduli are powers of 65537 modulo every one of these primes. */
    private static function hasRocaMark(string $n): bool
    {
        foreach (self::ROCA_PRIMES as $prime) {
            if (!in_array(self::remainder($n, $prime), self::powers($prime), true)) {
                return false;
            }
        }

        return true;
    }

    private static function remainder(string $n, int $prime): int
    {
        $rest = 0;
        foreach (str_split($n) as $byte) {
            $rest = ($rest * 256 + ord($byte)) % $prime;
        }

        return $rest;
    }

    /** @return list<int> */
    private static function powers(int $prime): array
    {
        $powers = [];
        for ($power = 1; !in_array($power, $powers, true); $power = ($power * (65537 % $prime)) % $prime) {
            $powers[] = $power;
        }

        return $powers;
    }
}
