<?php

declare(strict_types=1);

namespace UserrefLogin\Sessions;

use Userref\Revocation\RevocationStore;

/**
 * In WordPress' own database, one table for all sites of a network. What was revoked is asked of the database alone and
 * never of the object cache, which may forget or be old; within a request it is asked once.
 */
final class WpdbRevocationStore implements RevocationStore
{
    /** One write in so many sweeps. */
    private const SWEEP_ONE_IN = 100;
    /** @var array<string, bool> */
    private array $answers = [];

    public function __construct(private readonly \wpdb $wpdb)
    {
    }

    public function table(): string
    {
        return $this->wpdb->base_prefix . 'userref_revocations';
    }

    /** May be called again; ids are compared byte by byte. */
    public function createTable(): void
    {
        $this->write("create table if not exists `{$this->table()}` (
            entry varchar(140) character set ascii collate ascii_bin not null primary key,
            revoked_at bigint not null, keep_until bigint not null)", []);
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
        return $this->answers["{$sid} {$userRef} {$issuedAt}"] ??= $this->ask(
            "select count(*) from `{$this->table()}` where entry in (%s, %s) and revoked_at >= %d",
            ["s:{$sid}", "u:{$userRef}", $issuedAt],
        ) > 0;
    }

    public function rememberWebhook(string $id, int $until): bool
    {
        if (random_int(1, self::SWEEP_ONE_IN) === 1) {
            $this->prune();
        }

        return $this->insert("w:{$id}", 0, $until);
    }

    /** Forgets what no session can be affected by any more; gives how many entries that were. */
    public function prune(): int
    {
        return $this->write("delete from `{$this->table()}` where keep_until < %d", [time()]);
    }

    /**
     * True for the first caller with this name, atomically, until it releases it or `$until` is over.
     *
     * @throws \RuntimeException
     */
    public function claim(string $name, int $until): bool
    {
        $again = "update `{$this->table()}` set keep_until = %d where entry = %s and keep_until < %d";

        return $this->insert("c:{$name}", 0, $until) || $this->write($again, [$until, "c:{$name}", time()]) === 1;
    }

    public function release(string $name): void
    {
        $this->write("delete from `{$this->table()}` where entry = %s", ["c:{$name}"]);
    }

    /** The later time wins, in whatever order they come. */
    private function put(string $entry, int $revokedAt, int $until): void
    {
        $this->answers = [];
        $this->write(
            "insert into `{$this->table()}` (entry, revoked_at, keep_until) values (%s, %d, %d)
             on duplicate key update revoked_at = greatest(revoked_at, values(revoked_at)),
                keep_until = greatest(keep_until, values(keep_until))",
            [$entry, $revokedAt, $until],
        );
    }

    /** False when the entry is there already. */
    private function insert(string $entry, int $revokedAt, int $until): bool
    {
        return $this->write(
            "insert ignore into `{$this->table()}` (entry, revoked_at, keep_until) values (%s, %d, %d)",
            [$entry, $revokedAt, $until],
        ) === 1;
    }

    /** @param list<int|string> $values */
    private function ask(string $sql, array $values): int
    {
        $answer = $this->quietly(fn () => $this->wpdb->get_var($this->wpdb->prepare($sql, $values)));

        return is_numeric($answer) ? (int) $answer : throw self::away();
    }

    /** @param list<int|string> $values */
    private function write(string $sql, array $values): int
    {
        $prepared = $values === [] ? $sql : $this->wpdb->prepare($sql, $values);
        $rows = $this->quietly(fn () => $this->wpdb->query($prepared));

        return is_int($rows) || $rows === true ? (int) $rows : throw self::away();
    }

    /** An error of the database becomes an exception; WordPress would print it, with the query, into the page. */
    private function quietly(\Closure $work): mixed
    {
        $was = $this->wpdb->suppress_errors(true);
        try {
            return $work();
        } finally {
            $this->wpdb->suppress_errors($was);
        }
    }

    private static function away(): \RuntimeException
    {
        return new \RuntimeException('The revocation store did not answer.');
    }
}
