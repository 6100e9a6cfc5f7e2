<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

use Userref\Revocation\RevokedSessions;
use Userref\Session;
use UserrefLogin\Services;

/** Whether the sessions that tokens hold are still good. Asks the database once, and no bridge. */
final class LiveSessions
{
    private readonly RevokedSessions $revoked;
    /** The session that this request has ended by signing out. */
    private ?Session $ended = null;

    public function __construct(private readonly Services $services)
    {
        $this->revoked = new RevokedSessions($services->revocations());
    }

    /** What cannot be read or asked is not good. The user must still be the one who signed in. */
    public function isLive(int $userId, mixed $stored): bool
    {
        try {
            $session = Session::fromStorage($stored);

            return $session !== null
                && $this->services->users()->userRefOf($userId) === $session->userRef
                && $this->revoked->isLive($session, time());
        } catch (\Throwable) {
            return false;
        }
    }

    public function hasEnded(mixed $stored): void
    {
        $this->ended = Session::fromStorage($stored) ?? $this->ended;
    }

    /** The session that was ended in this request, to end it at the core too. */
    public function ended(): ?Session
    {
        return $this->ended;
    }
}
