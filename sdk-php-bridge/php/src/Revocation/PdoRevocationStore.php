<?php

declare(strict_types=1);

namespace Userref\Revocation;

/** In the site's own database: MySQL, MariaDB, PostgreSQL or SQLite. */
final class PdoRevocationStore implements RevocationStore
{
    private const TABLE = '/\A[A-Za-z_][A-Za-z0-9_]{0,50}\z/D';
    /** One write in so many sweeps. */
    private const SWEEP_ONE_IN = 100;

    /** @param string $table its name; made by {@see createTable} */
    public function __construct(private readonly \PDO $pdo, private readonly string $table = 'userref_revocations')
    {
        if (preg_match(self::TABLE, $table) !== 1) {
            throw new \InvalidArgumentException('The name of the table must be letters, digits and underscores.');
        }
    }

    /** May be called at each start; ids are compared byte by byte. */
    public function createTable(): void
    {
        $isMysql = $this->pdo->getAttribute(\PDO::ATTR_DRIVER_NAME) === 'mysql';
        $text = $isMysql ? 'varchar(140) character set ascii collate ascii_bin' : 'varchar(140)';
        $this->run("create table if not exists {$this->table} (
            entry {$text} not null primary key, revoked_at bigint not null, keep_until bigint not null)");
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
        $statement = $this->run(
            "select 1 from {$this->table} where entry in (?, ?) and revoked_at >= ?",
            ["s:{$sid}", "u:{$userRef}", $issuedAt],
        );

        return $statement->fetchColumn() !== false;
    }

    public function rememberWebhook(string $id, int $until): bool
    {
        if (random_int(1, self::SWEEP_ONE_IN) === 1) {
            $this->run("delete from {$this->table} where keep_until < ?", [time()]);
        }

        return $this->insert("w:{$id}", 0, $until);
    }

    /** The later time wins, in whatever order they come. */
    private function put(string $entry, int $revokedAt, int $until): void
    {
        if ($this->insert($entry, $revokedAt, $until)) {
            return;
        }
        $this->run(
            "update {$this->table} set
                revoked_at = case when revoked_at < ? then ? else revoked_at end,
                keep_until = case when keep_until < ? then ? else keep_until end
             where entry = ?",
            [$revokedAt, $revokedAt, $until, $until, $entry],
        );
    }

    /** False when the entry is there already. */
    private function insert(string $entry, int $revokedAt, int $until): bool
    {
        $columns = '(entry, revoked_at, keep_until) values (?, ?, ?)';
        $sql = $this->pdo->getAttribute(\PDO::ATTR_DRIVER_NAME) === 'mysql'
            ? "insert ignore into {$this->table} {$columns}"
            : "insert into {$this->table} {$columns} on conflict (entry) do nothing";

        return $this->run($sql, [$entry, $revokedAt, $until])->rowCount() === 1;
    }

    /** @param list<int|string> $values */
    private function run(string $sql, array $values = []): \PDOStatement
    {
        $statement = $this->pdo->prepare($sql);
        if ($statement === false || !$statement->execute($values)) {
            throw new \RuntimeException('The revocation store did not answer.');
        }

        return $statement;
    }
}
