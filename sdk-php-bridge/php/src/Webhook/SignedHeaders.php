<?php

declare(strict_types=1);

namespace Userref\Webhook;

use Userref\Contract\ErrorCode;
use Userref\Exception\WebhookRejected;

/** The three headers of Standard Webhooks, in their strict form. */
final class SignedHeaders
{
    /** No dot: the signed text is `id.timestamp.body`, and a dot would let its parts shift. */
    private const ID = '/\A[A-Za-z0-9_-]{1,128}\z/D';
    private const TIMESTAMP = '/\A\d{10}\z/D';
    private const SIGNATURE = '~\Av1,([A-Za-z0-9+/]{43}=)\z~D';
    private const KEY_SIGNATURE = '~\Av1a,([A-Za-z0-9+/]{85}[AQgw]==)\z~D';
    private const MAX_SIGNATURES = 16;
    private const MAX_LENGTH = 4096;

    /**
     * @param list<string> $signatures candidates for `v1`, base64
     * @param list<string> $keySignatures candidates for `v1a`, base64
     */
    private function __construct(
        public readonly string $id,
        public readonly int $timestamp,
        public readonly array $signatures,
        public readonly array $keySignatures,
    ) {
    }

    /**
     * @param array<string, mixed> $headers names in any case, with `-` or `_`, with or without `HTTP_`; values as text
     *     or as a list, as frameworks have them
     *
     * @throws WebhookRejected `webhook_headers_missing`, `webhook_timestamp_invalid`, `webhook_signature_invalid`
     */
    public static function read(#[\SensitiveParameter] array $headers): self
    {
        $id = self::one($headers, 'webhook-id');
        $timestamp = self::one($headers, 'webhook-timestamp');
        $signature = self::one($headers, 'webhook-signature');
        if (preg_match(self::ID, $id) !== 1) {
            throw new WebhookRejected(ErrorCode::WebhookHeadersMissing, 'webhook-id is malformed.');
        }
        if (preg_match(self::TIMESTAMP, $timestamp) !== 1) {
            throw new WebhookRejected(ErrorCode::WebhookTimestampInvalid);
        }
        $parts = strlen($signature) > self::MAX_LENGTH ? [] : explode(' ', $signature);
        if (count($parts) > self::MAX_SIGNATURES) {
            throw new WebhookRejected(ErrorCode::WebhookSignatureInvalid);
        }

        return new self(
            $id,
            (int) $timestamp,
            self::matching(self::SIGNATURE, $parts),
            self::matching(self::KEY_SIGNATURE, $parts),
        );
    }

    /** @param array<string, mixed> $headers */
    private static function one(#[\SensitiveParameter] array $headers, string $wanted): string
    {
        $values = [];
        foreach ($headers as $name => $value) {
            $plain = preg_replace('/\Ahttp-/', '', str_replace('_', '-', strtolower((string) $name)));
            if ($plain === $wanted) {
                array_push($values, ...(is_array($value) ? array_values($value) : [$value]));
            }
        }
        // `$_SERVER` and `getallheaders()` joined may bring the same header twice; that is one.
        $values = array_values(array_unique($values, SORT_REGULAR));
        if (count($values) === 1 && is_string($values[0]) && $values[0] !== '') {
            return $values[0];
        }
        throw new WebhookRejected(ErrorCode::WebhookHeadersMissing, "{$wanted} is missing or occurs twice.");
    }

    /**
     * @param list<string> $parts
     *
     * @return list<string>
     */
    private static function matching(string $form, array $parts): array
    {
        $found = [];
        foreach ($parts as $part) {
            if (preg_match($form, $part, $match) === 1) {
                $found[] = $match[1];
            }
        }

        return $found;
    }
}
