<?php

declare(strict_types=1);

namespace Userref\Revocation;

/** For tests: another request does not know its entries. */
final class MemoryRevocationStore implements RevocationStore
{
    /** @var array<string, int> */
    private array $sessions = [];
    /** @var array<string, int> */
    private array $users = [];
    /** @var array<string, true> */
    private array $webhooks = [];

    public function revokeSession(string $sid, int $until, ?int $issuedUntil = null): void
    {
        $this->sessions[$sid] = max($issuedUntil ?? $until, $this->sessions[$sid] ?? 0);
    }

    public function revokeUser(string $userRef, int $revokedAt, int $until): void
    {
        $this->users[$userRef] = max($revokedAt, $this->users[$userRef] ?? 0);
    }

    public function isRevoked(string $sid, string $userRef, int $issuedAt): bool
    {
        return $issuedAt <= max($this->sessions[$sid] ?? -1, $this->users[$userRef] ?? -1);
    }

    public function rememberWebhook(string $id, int $until): bool
    {
        $isFirst = !isset($this->webhooks[$id]);
        $this->webhooks[$id] = true;

        return $isFirst;
    }
}
