<?php

declare(strict_types=1);

namespace Userref\Revocation;

use Userref\Exception\ConfigException;

/** One small file an entry, in a folder that all processes of the site share. For sites without a database. */
final class FileRevocationStore implements RevocationStore
{
    /** One write in so many sweeps. */
    private const SWEEP_ONE_IN = 100;

    /** @throws ConfigException when the folder cannot be made or written, or everybody may write to it */
    public function __construct(private readonly string $folder)
    {
        if (!is_dir($folder) && !@mkdir($folder, 0700, true) && !is_dir($folder)) {
            throw new ConfigException(['the folder of FileRevocationStore cannot be made']);
        }
        if (!is_writable($folder)) {
            throw new ConfigException(['the folder of FileRevocationStore cannot be written']);
        }
        // Whoever takes an entry away signs somebody in again.
        if ((fileperms($folder) & 0002) !== 0) {
            throw new ConfigException(['the folder of FileRevocationStore must not be writable by everybody']);
        }
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
        // A folder that is gone must not read as "nothing was revoked".
        if (!is_dir($this->folder)) {
            throw self::away();
        }

        return $issuedAt <= max($this->revokedAt("s:{$sid}"), $this->revokedAt("u:{$userRef}"));
    }

    public function rememberWebhook(string $id, int $until): bool
    {
        if (random_int(1, self::SWEEP_ONE_IN) === 1) {
            $this->sweep();
        }
        $file = @fopen($this->file("w:{$id}"), 'x');
        if ($file === false) {
            return is_file($this->file("w:{$id}")) ? false : throw self::away();
        }
        fwrite($file, "0 {$until}\n");
        fclose($file);

        return true;
    }

    /** Unix seconds; -1 when it was never revoked. */
    private function revokedAt(string $entry): int
    {
        $file = $this->file($entry);
        if (!is_file($file)) {
            return -1;
        }
        $text = file_get_contents($file);
        if ($text === false || preg_match('/\A(\d+) \d+\n\z/', $text, $found) !== 1) {
            throw self::away();
        }

        return (int) $found[1];
    }

    /** Under a lock, so that the later time wins in whatever order they come; by renaming, so that readers see it all. */
    private function put(string $entry, int $revokedAt, int $until): void
    {
        $lock = @fopen($this->folder . '/lock', 'c') ?: throw self::away();
        flock($lock, LOCK_EX);
        try {
            $file = $this->file($entry);
            [$knownAt, $knownUntil] = array_map('intval', explode(' ', (string) @file_get_contents($file))) + [0, 0];
            $line = max($revokedAt, $knownAt) . ' ' . max($until, $knownUntil) . "\n";
            $isWritten = file_put_contents("{$file}.new", $line) === strlen($line) && rename("{$file}.new", $file);
        } finally {
            fclose($lock);
        }
        if (!$isWritten) {
            throw self::away();
        }
    }

    private function sweep(): void
    {
        foreach (glob($this->folder . '/*.entry') ?: [] as $file) {
            $until = (int) (explode(' ', (string) @file_get_contents($file))[1] ?? PHP_INT_MAX);
            if ($until < time()) {
                @unlink($file);
            }
        }
    }

    private static function away(): \RuntimeException
    {
        return new \RuntimeException('The revocation store did not answer.');
    }

    private function file(string $entry): string
    {
        return $this->folder . '/' . hash('sha256', $entry) . '.entry';
    }
}
