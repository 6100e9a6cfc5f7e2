<?php

declare(strict_types=1);

namespace Userref\Passport;

/** The few DER structures (X.690) that keys and signatures need. */
final class Der
{
    private const EC_P256 = "\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
    private const RSA = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

    /** A P-256 point as a public key in PEM. */
    public static function ecPem(string $x, string $y): string
    {
        return self::pem(self::EC_P256, "\x04" . $x . $y);
    }

    public static function rsaPem(string $n, string $e): string
    {
        return self::pem(self::RSA, self::tlv(0x30, self::integer($n) . self::integer($e)));
    }

    /** An ES256 signature as OpenSSL takes it: from two numbers of 32 bytes (RFC 7518 §3.4). */
    public static function ecSignature(string $raw): string
    {
        return self::tlv(0x30, self::integer(substr($raw, 0, 32)) . self::integer(substr($raw, 32)));
    }

    private static function pem(string $algorithm, string $key): string
    {
        $der = self::tlv(0x30, $algorithm . self::tlv(0x03, "\0" . $key));

        $text = chunk_split(base64_encode($der), 64, "\n");

        return "-----BEGIN PUBLIC KEY-----\n{$text}-----END PUBLIC KEY-----\n";
    }

    private static function integer(string $bytes): string
    {
        $bytes = ltrim($bytes, "\0");
        $isPositive = $bytes !== '' && ord($bytes[0]) < 0x80;

        return self::tlv(0x02, $isPositive ? $bytes : "\0" . $bytes);
    }

    private static function tlv(int $tag, string $value): string
    {
        $length = strlen($value);
        if ($length < 0x80) {
            return chr($tag) . chr($length) . $value;
        }
        $bytes = ltrim(pack('N', $length), "\0");

        return chr($tag) . chr(0x80 | strlen($bytes)) . $bytes . $value;
    }
}
