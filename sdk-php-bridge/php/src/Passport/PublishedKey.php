<?php

declare(strict_types=1);

namespace Userref\Passport;

use Userref\Contract\ErrorCode;
use Userref\Exception\PassportRefused;

/** One key of the issuer (RFC 7517). */
final class PublishedKey
{
    private const ALGORITHM_OF = ['EC/P-256' => 'ES256', 'RSA' => 'RS256', 'OKP/Ed25519' => 'EdDSA'];

    public function __construct(private readonly JsonObject $jwk)
    {
    }

    /** @throws PassportRefused `passport_key_unusable`, `passport_alg_not_allowed`, `passport_signature_invalid` */
    public function verify(string $alg, string $signedText, string $signature): void
    {
        $this->checkUse($alg);
        $isSigned = match ($alg) {
            'ES256' => $this->verifyEc($signedText, $signature),
            'RS256' => $this->verifyRsa($signedText, $signature),
            default => $this->verifyEd25519($signedText, $signature),
        };
        if (!$isSigned) {
            throw new PassportRefused(ErrorCode::PassportSignatureInvalid);
        }
    }

    private function checkUse(string $alg): void
    {
        $operations = $this->jwk->get('key_ops');
        $mayVerify = is_array($operations) ? in_array('verify', $operations, true) : !$this->jwk->has('key_ops');
        if (($this->jwk->has('use') && $this->jwk->get('use') !== 'sig') || !$mayVerify) {
            throw Refusal::key('The key is not meant for verifying.');
        }
        $kind = $this->text('kty') . ($this->jwk->has('crv') ? '/' . $this->text('crv') : '');
        $isForAlg = !$this->jwk->has('alg') || $this->jwk->get('alg') === $alg;
        if ((self::ALGORITHM_OF[$kind] ?? null) !== $alg || !$isForAlg) {
            throw new PassportRefused(ErrorCode::PassportAlgNotAllowed);
        }
    }

    private function verifyEc(string $signedText, string $signature): bool
    {
        $key = self::import(Der::ecPem($this->bytes('x', 32), $this->bytes('y', 32)));

        return strlen($signature) === 64
            && openssl_verify($signedText, Der::ecSignature($signature), $key, OPENSSL_ALGO_SHA256) === 1;
    }

    private function verifyRsa(string $signedText, string $signature): bool
    {
        $key = self::import(Der::rsaPem($this->bytes('n'), $this->bytes('e')));

        return $signature !== '' && openssl_verify($signedText, $signature, $key, OPENSSL_ALGO_SHA256) === 1;
    }

    private function verifyEd25519(string $signedText, string $signature): bool
    {
        $key = $this->bytes('x', 32);
        if (!function_exists('sodium_crypto_sign_verify_detached')) {
            throw new PassportRefused(ErrorCode::PassportAlgNotAllowed, 'EdDSA needs the PHP extension sodium.');
        }

        return strlen($signature) === 64 && sodium_crypto_sign_verify_detached($signature, $signedText, $key);
    }

    private function bytes(string $member, ?int $length = null): string
    {
        $bytes = Base64url::decode($this->jwk->get($member));
        if ($bytes === null || ($length !== null && strlen($bytes) !== $length)) {
            throw Refusal::key('The key is malformed.');
        }

        return $bytes;
    }

    private function text(string $member): string
    {
        $value = $this->jwk->get($member);

        return is_string($value) ? $value : '';
    }

    private static function import(string $pem): \OpenSSLAsymmetricKey
    {
        $key = openssl_pkey_get_public($pem);
        // Else OpenSSL's own errors would turn up in somebody else's `openssl_error_string`.
        while (openssl_error_string() !== false) {
        }

        return $key === false ? throw Refusal::key('The key is malformed.') : $key;
    }
}
