<?php

declare(strict_types=1);

namespace Userref\Web;

use Userref\Bridge\BridgeClient;
use Userref\Exception\BridgeUnreachable;

/** A cookie to set: host-only, `Path=/`, `HttpOnly`, `SameSite=Lax`. */
final class Cookie
{
    private const OURS = '/\A(?:__Host-userref|userref_[A-Za-z0-9_.-]{1,128})-(?:login-[A-Za-z0-9_-]{16}|hops)\z/D';
    private const VALUE = '/\A[A-Za-z0-9_.-]{1,4000}\z/D';

    public function __construct(
        public readonly string $name,
        public readonly string $value,
        /** Seconds; 0 removes the cookie. */
        public readonly int $maxAge,
        public readonly bool $secure,
    ) {
    }

    /**
     * As the bridge gives them.
     *
     * @return list<self>
     *
     * @throws BridgeUnreachable when they are none
     */
    public static function listFrom(mixed $given): array
    {
        $found = [];
        foreach (is_array($given) ? $given : [null] as $cookie) {
            $members = is_array($cookie) ? $cookie : [];
            $members += ['name' => null, 'value' => null, 'max_age' => null, 'secure' => null];
            ['name' => $name, 'value' => $value, 'max_age' => $maxAge, 'secure' => $secure] = $members;
            if (!is_string($name) || !is_string($value) || !is_int($maxAge) || !is_bool($secure)) {
                throw BridgeClient::unusable();
            }
            $found[] = new self($name, $value, $maxAge, $secure);
        }

        return $found;
    }

    /** The value of a `Set-Cookie` header. */
    public function header(): string
    {
        $secure = $this->secure ? '; Secure' : '';

        return "{$this->name}={$this->value}; Path=/; Max-Age={$this->maxAge}; HttpOnly; SameSite=Lax{$secure}";
    }

    /**
     * Our cookies in a `Cookie` header; what else is in there stays out of the bridge's sight. `$_COOKIE` will not
     * do: PHP changes dots in names.
     *
     * @return array<string, string>
     */
    public static function ours(?string $header): array
    {
        $found = [];
        foreach (explode(';', $header ?? '') as $pair) {
            [$name, $value] = array_map('trim', explode('=', $pair, 2)) + ['', ''];
            $fits = preg_match(self::OURS, $name) === 1 && preg_match(self::VALUE, $value) === 1;
            if ($fits && count($found) < 16) {
                $found[$name] ??= $value;
            }
        }

        return $found;
    }
}
