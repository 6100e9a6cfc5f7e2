<?php

declare(strict_types=1);

namespace Userref\Internal;

use Userref\Attributes;
use Userref\Exception;
use Userref\Exception\UserrefException;
use Userref\SealedAttributes;

/** Part of {@see \Userref\Userref}: what the site keeps and cannot read. */
trait Sealing
{
    /**
     * Has attributes sealed for one order. Needs no signed-in person; the site must be registered for `sealed`.
     *
     * @param list<string> $names
     *
     * @throws Exception\ConsentRequired
     * @throws UserrefException `forbidden`, `not_found`, `processing_restricted`, …
     */
    public function seal(
        string $userRef,
        array $names,
        string $purpose,
        string $orderRef,
        \DateTimeInterface $expiresAt,
        ?\DateTimeInterface $notBefore = null,
    ): SealedAttributes {
        $answer = $this->bridge->call('POST', '/v1/attributes/seal', [
            'user_ref' => $userRef,
            'names' => $names,
            'purpose' => $purpose,
            'order_ref' => $orderRef,
            'expires_at' => self::timeText($expiresAt),
            'not_before' => $notBefore === null ? null : self::timeText($notBefore),
        ], ['sealed' => 'is_string', 'not_before' => self::isTime(...), 'expires_at' => self::isTime(...)]);

        return new SealedAttributes(
            $answer['sealed'],
            new \DateTimeImmutable($answer['not_before']),
            new \DateTimeImmutable($answer['expires_at']),
        );
    }

    /**
     * Opens an envelope for as long as `$use` runs, in its window and for its purpose and order.
     *
     * @template T
     *
     * @param string $actorRef who opens it, by a reference of your own; goes to the log of the bridge
     * @param callable(Attributes): T $use
     *
     * @return T
     *
     * @throws UserrefException `sealed_mismatch`, `sealed_not_open_yet`, `sealed_expired`, `sealed_destroyed` (the
     *     person withdrew: delete the envelope), `sealed_invalid`, `rate_limited`
     */
    public function unseal(
        #[\SensitiveParameter] string $sealed,
        string $purpose,
        string $orderRef,
        string $actorRef,
        callable $use,
    ): mixed {
        $answer = $this->bridge->call('POST', '/v1/attributes/unseal', [
            'sealed' => $sealed,
            'purpose' => $purpose,
            'order_ref' => $orderRef,
            'actor_ref' => $actorRef,
        ], ['attributes' => 'is_array']);

        return $use(new Attributes($answer['attributes']));
    }

    private static function isTime(mixed $text): bool
    {
        return is_string($text) && strtotime($text) !== false;
    }

    private static function timeText(\DateTimeInterface $time): string
    {
        return gmdate('Y-m-d\TH:i:s\Z', $time->getTimestamp());
    }
}
