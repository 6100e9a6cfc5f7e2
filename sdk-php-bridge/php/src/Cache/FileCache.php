<?php

declare(strict_types=1);

namespace Userref\Cache;

use Userref\Exception\ConfigException;

/** In files of one folder that belongs to PHP's own user and is open to nobody else. */
final class FileCache implements Cache
{
    /**
     * @param string $folder outside the web root; made when missing. Whoever may write into it could plant keys
     *     that forged passports fit.
     *
     * @throws ConfigException
     */
    public function __construct(private readonly string $folder)
    {
        if (!is_dir($folder) && !@mkdir($folder, 0700, true) && !is_dir($folder)) {
            throw new ConfigException(['the folder of FileCache cannot be made']);
        }
        if (is_link($folder) || (fileperms($folder) & 0022) !== 0) {
            throw new ConfigException(['the folder of FileCache must not be writable by others']);
        }
        if (function_exists('posix_geteuid') && fileowner($folder) !== posix_geteuid()) {
            throw new ConfigException(['the folder of FileCache must belong to the user that PHP runs as']);
        }
    }

    public function get(string $key): ?string
    {
        $text = @file_get_contents($this->file($key));
        if ($text === false || preg_match('/\A(\d{1,12})\n/', $text, $found) !== 1) {
            return null;
        }

        return (int) $found[1] > time() ? substr($text, strlen($found[0])) : null;
    }

    /** By renaming: another request sees the old file or the new one. */
    public function set(string $key, string $value, int $ttlSeconds): void
    {
        $file = $this->file($key);
        $new = $file . '.' . bin2hex(random_bytes(6));
        $until = time() + $ttlSeconds;
        if (@file_put_contents($new, "{$until}\n{$value}") !== false) {
            @chmod($new, 0600);
            @rename($new, $file);
        }
    }

    private function file(string $key): string
    {
        return $this->folder . '/' . hash('sha256', $key) . '.cache';
    }
}
