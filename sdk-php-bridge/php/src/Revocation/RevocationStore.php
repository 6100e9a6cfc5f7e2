<?php

declare(strict_types=1);

namespace Userref\Revocation;

/**
 * Remembers what was revoked, until no session can be affected any more. One store serves all processes of a site.
 * Times are Unix seconds. Every method may be called again with the same arguments without harm; when one throws, the
 * request fails: a store that is away never means "not revoked".
 */
interface RevocationStore
{
    /**
     * Ends the session, or with `$issuedUntil` what was issued of it at or before that: whoever signs out here and
     * is signed in at the core still gets the same `sid` again. Less that arrives later must not weaken more. The
     * entry may be forgotten after `$until`.
     */
    public function revokeSession(string $sid, int $until, ?int $issuedUntil = null): void;

    /**
     * Ends every session of the user that was issued at or before `$revokedAt`. An earlier `$revokedAt` that arrives
     * later must not weaken a later one.
     */
    public function revokeUser(string $userRef, int $revokedAt, int $until): void;

    public function isRevoked(string $sid, string $userRef, int $issuedAt): bool;

    /** True for the first caller with this id, atomically, and false for the others. */
    public function rememberWebhook(string $id, int $until): bool;
}
