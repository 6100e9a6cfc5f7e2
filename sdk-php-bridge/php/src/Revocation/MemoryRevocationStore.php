<?php

declare(strict_types=1);

namespace Userref\Revocation;

/** For tests: another request does not know its entries. */
final class MemoryRevocationStore implements RevocationStore
{
    /** @var array<string, true> */
    private array $sessions = [];
    /** @var array<string, int> */
    private array $users = [];
    /** @var array<string, true> */
    private array $webhooks = [];

    public function revokeSession(string $sid, int $until): void
    {
        $this->sessions[$sid] = true;
    }

    public function revokeUser(string $userRef, int $revokedAt, int $until): void
    {
        $this->users[$userRef] = max($revokedAt, $this->users[$userRef] ?? 0);
    }

    public function isRevoked(string $sid, string $userRef, int $issuedAt): bool
    {
        return isset($this->sessions[$sid]) || $issuedAt <= ($this->users[$userRef] ?? -1);
    }

    public function rememberWebhook(string $id, int $until): bool
    {
        $isFirst = !isset($this->webhooks[$id]);
        $this->webhooks[$id] = true;

        return $isFirst;
    }
}
