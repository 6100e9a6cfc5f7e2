<?php

declare(strict_types=1);

namespace Userref\Laravel;

use Illuminate\Database\ConnectionResolverInterface;
use Illuminate\Database\Query\Builder;
use Userref\Revocation\RevocationStore;

/**
 * In the application's database, by its default connection as it is at that moment: a long-running worker connects
 * anew. Reads where it writes, as a replica may not have heard of a revocation yet.
 */
final class DatabaseRevocationStore implements RevocationStore
{
    public const TABLE = 'userref_revocations';
    /** One write in so many sweeps. */
    private const SWEEP_ONE_IN = 100;

    public function __construct(private readonly ConnectionResolverInterface $database)
    {
    }

    public function revokeSession(string $sid, int $until, ?int $issuedUntil = null): void
    {
        $this->put("s:{$sid}", $issuedUntil ?? $until, $until);
    }

    public function revokeUser(string $userRef, int $revokedAt, int $until): void
    {
        $this->put("u:{$userRef}", $revokedAt, $until);
    }

    public function isRevoked(string $sid, string $userRef, int $issuedAt): bool
    {
        return $this->entries()->useWritePdo()
            ->whereIn('entry', ["s:{$sid}", "u:{$userRef}"])
            ->where('revoked_at', '>=', $issuedAt)
            ->exists();
    }

    public function rememberWebhook(string $id, int $until): bool
    {
        if (random_int(1, self::SWEEP_ONE_IN) === 1) {
            $this->entries()->where('keep_until', '<', time())->delete();
        }

        return $this->insert("w:{$id}", 0, $until);
    }

    /** The later time wins, in whatever order they come. */
    private function put(string $entry, int $revokedAt, int $until): void
    {
        if ($this->insert($entry, $revokedAt, $until)) {
            return;
        }
        $this->entries()->where('entry', $entry)->where('revoked_at', '<', $revokedAt)
            ->update(['revoked_at' => $revokedAt]);
        $this->entries()->where('entry', $entry)->where('keep_until', '<', $until)->update(['keep_until' => $until]);
    }

    /** False when the entry is there already. */
    private function insert(string $entry, int $revokedAt, int $until): bool
    {
        $row = ['entry' => $entry, 'revoked_at' => $revokedAt, 'keep_until' => $until];

        return $this->entries()->insertOrIgnore($row) === 1;
    }

    private function entries(): Builder
    {
        return $this->database->connection()->table(self::TABLE);
    }
}
