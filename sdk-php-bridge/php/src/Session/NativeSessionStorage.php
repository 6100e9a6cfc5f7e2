<?php

declare(strict_types=1);

namespace Userref\Session;

/** In PHP's own session. It is begun only for visitors who have one, or sign in: others stay cacheable. */
final class NativeSessionStorage implements SessionStorage
{
    private const KEY = 'userref';

    /** @param bool $isSecure whether the site is on https */
    public function __construct(private readonly bool $isSecure)
    {
    }

    public function read(): mixed
    {
        if (session_status() !== PHP_SESSION_ACTIVE && !isset($_COOKIE[session_name()])) {
            return null;
        }
        $this->start();

        return $_SESSION[self::KEY] ?? null;
    }

    public function write(array $session): void
    {
        $this->start();
        $isSame = ($_SESSION[self::KEY]['sid'] ?? null) === ($session['sid'] ?? null);
        if (!$isSame) {
            session_regenerate_id(true);
        }
        $_SESSION[self::KEY] = $session;
    }

    public function clear(): void
    {
        if ($this->read() === null) {
            return;
        }
        unset($_SESSION[self::KEY]);
        session_regenerate_id(true);
    }

    private function start(): void
    {
        if (session_status() === PHP_SESSION_ACTIVE) {
            return;
        }
        session_start([
            'cookie_httponly' => true,
            'cookie_samesite' => 'Lax',
            'cookie_secure' => $this->isSecure,
            'use_strict_mode' => true,
            'use_only_cookies' => true,
        ]);
    }
}
