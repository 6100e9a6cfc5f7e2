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
    private bool $hasEndedOne = false;

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

    /** Tells of a token that is taken away, with what its entry held. */
    public function hasEnded(mixed $stored): void
    {
        $this->hasEndedOne = $this->hasEndedOne || Session::fromStorage($stored) !== null;
    }

    /** Whether this request has ended a session, which then has to end at the core too. */
    public function hasEndedOne(): bool
    {
        return $this->hasEndedOne;
    }
}
