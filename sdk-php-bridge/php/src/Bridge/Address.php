<?php

declare(strict_types=1);

namespace Userref\Bridge;

/** Where the bridge listens: `unix:/path`, or `http://127.0.0.1:port`. */
final class Address
{
    private const TCP = '~\Ahttp://(127(?:\.\d{1,3}){3}|localhost|\[::1\]):(\d{1,5})/?\z~D';

    private function __construct(
        /** Null over TCP. */
        public readonly ?string $socket,
        public readonly string $host,
        public readonly int $port,
    ) {
    }

    /** Null for anything that is not of this machine. */
    public static function parse(string $text): ?self
    {
        if (preg_match('~\Aunix:(?://)?(/[^\0]{1,103})\z~D', $text, $found) === 1) {
            return new self($found[1], 'localhost', 0);
        }
        if (preg_match(self::TCP, $text, $found) === 1 && (int) $found[2] <= 65535) {
            return new self(null, $found[1], (int) $found[2]);
        }

        return null;
    }

    public function url(string $target): string
    {
        return 'http://' . $this->authority() . $target;
    }

    /** For the header `Host`. */
    public function authority(): string
    {
        return $this->socket === null ? "{$this->host}:{$this->port}" : $this->host;
    }
}
