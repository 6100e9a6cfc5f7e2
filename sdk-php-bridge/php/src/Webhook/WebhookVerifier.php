<?php

declare(strict_types=1);

namespace Userref\Webhook;

use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefException;
use Userref\Exception\WebhookRejected;
use Userref\Hidden;

/** A strict verifier of Standard Webhooks: headers, timestamp within 300 seconds, signature over the exact raw body. */
final class WebhookVerifier
{
    private const TOLERANCE_SECONDS = 300;

    /**
     * @param Hidden<list<string>> $secrets bytes of `whsec_…`; any may sign
     * @param list<string> $publicKeys bytes of `whpk_…`
     */
    public function __construct(private readonly Hidden $secrets, private readonly array $publicKeys)
    {
    }

    /**
     * @param array<string, mixed> $headers
     *
     * @throws WebhookRejected `webhook_headers_missing`, `webhook_timestamp_invalid`, `webhook_signature_invalid`,
     *     `webhook_body_invalid`
     * @throws UserrefException `config_invalid` without a secret
     */
    public function verify(
        #[\SensitiveParameter] string $rawBody,
        #[\SensitiveParameter] array $headers,
        int $now,
    ): WebhookEvent {
        if ($this->secrets->reveal() === [] && $this->publicKeys === []) {
            $detail = 'webhook_secret or webhook_public_key is needed to receive webhooks.';
            throw new UserrefException(ErrorCode::ConfigInvalid, $detail);
        }
        $signed = SignedHeaders::read($headers);
        if (abs($now - $signed->timestamp) > self::TOLERANCE_SECONDS) {
            throw new WebhookRejected(ErrorCode::WebhookTimestampInvalid);
        }
        $text = "{$signed->id}.{$signed->timestamp}.{$rawBody}";
        if (!$this->isSigned($text, $signed) && !$this->isSignedByKey($text, $signed)) {
            throw new WebhookRejected(ErrorCode::WebhookSignatureInvalid);
        }

        return WebhookEvent::read($signed->id, $rawBody);
    }

    /** Every pair is compared, so that the time does not tell which one fits. */
    private function isSigned(string $text, SignedHeaders $signed): bool
    {
        $fits = false;
        foreach ($this->secrets->reveal() as $secret) {
            $ours = base64_encode(hash_hmac('sha256', $text, $secret, true));
            foreach ($signed->signatures as $theirs) {
                $fits = hash_equals($ours, $theirs) || $fits;
            }
        }

        return $fits;
    }

    private function isSignedByKey(#[\SensitiveParameter] string $text, SignedHeaders $signed): bool
    {
        if ($this->publicKeys === [] || $signed->keySignatures === []) {
            return false;
        }
        if (!function_exists('sodium_crypto_sign_verify_detached')) {
            throw new UserrefException(ErrorCode::ConfigInvalid, 'webhook_public_key needs the PHP extension sodium.');
        }
        foreach ($this->publicKeys as $key) {
            foreach ($signed->keySignatures as $signature) {
                if (sodium_crypto_sign_verify_detached((string) base64_decode($signature, true), $text, $key)) {
                    return true;
                }
            }
        }

        return false;
    }
}
