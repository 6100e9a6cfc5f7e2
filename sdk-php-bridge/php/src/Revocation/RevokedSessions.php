<?php

declare(strict_types=1);

namespace Userref\Revocation;

use Userref\Contract\EventType;
use Userref\Session;
use Userref\Webhook\WebhookEvent;

/** What events mean for the sessions of this site. */
final class RevokedSessions
{
    /** The longest that a session can last (a week), and a little for clocks that are ahead. */
    private const KEEP_SECONDS = 604920;
    /** Deliveries are retried for 72 hours, and an operator may replay later; by then the effects have been kept. */
    private const REMEMBER_SECONDS = 691200;

    public function __construct(private readonly RevocationStore $store)
    {
    }

    /**
     * Applies an event; false when it was handled before. The effects come first and may be repeated; only then is
     * the id remembered, so an event that failed half-way is done again when it is delivered again.
     */
    public function apply(WebhookEvent $event, int $now): bool
    {
        $this->end($event, $now);

        return $this->store->rememberWebhook($event->id, $now + self::REMEMBER_SECONDS);
    }

    public function isLive(Session $session, int $now): bool
    {
        return $session->expiresAt > $now
            && !$this->store->isRevoked($session->sid, $session->userRef, $session->issuedAt);
    }

    /** In every copy of its cookie. The core's may go on, and the next login brings the same `sid`: that one counts. */
    public function endSession(Session $session): void
    {
        $this->store->revokeSession($session->sid, $session->expiresAt, $session->issuedAt);
    }

    private function end(WebhookEvent $event, int $now): void
    {
        $until = $now + self::KEEP_SECONDS;
        $userRef = $event->userRef();
        $endsAll = match ($event->type) {
            // A withdrawn consent kills the user's tokens at the core, so their sessions here are of no use.
            EventType::AccessRevoked, EventType::ConsentWithdrawn,
            EventType::SubjectRestricted, EventType::SubjectErased => true,
            default => false,
        };
        if ($event->type === EventType::SessionRevoked) {
            $this->store->revokeSession((string) $event->sid(), $until);
        } elseif ($endsAll && $userRef !== null) {
            $this->store->revokeUser($userRef, $event->occurredAt->getTimestamp(), $until);
        }
    }
}
