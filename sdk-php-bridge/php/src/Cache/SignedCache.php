<?php

declare(strict_types=1);

namespace Userref\Cache;

use Userref\Hidden;

/**
 * A cache that others may write to: they cannot plant keys that forged passports fit, nor a cursor that skips
 * revocations, and sites that share it do not get in each other's way. What was signed for another key, or for a time
 * that is over, is no value.
 */
final class SignedCache implements Cache
{
    /** @var Hidden<string> */
    private readonly Hidden $key;

    /**
     * @param list<string> $scope whose values they are
     * @param \Closure(): int $clock Unix seconds
     */
    public function __construct(
        public readonly Cache $inner,
        #[\SensitiveParameter] string $secret,
        array $scope,
        private readonly \Closure $clock,
    ) {
        $this->key = new Hidden(hash_hmac('sha256', json_encode($scope, JSON_THROW_ON_ERROR), $secret, true));
    }

    public function get(string $key): ?string
    {
        [$signature, $until, $value] = explode('.', $this->inner->get($this->nameOf($key)) ?? '', 3) + ['', '', ''];
        $isGood = hash_equals($this->sign($key, $until, $value), $signature);

        return $isGood && (int) $until > ($this->clock)() ? $value : null;
    }

    public function set(string $key, string $value, int $ttlSeconds): void
    {
        $until = (string) (($this->clock)() + $ttlSeconds);
        $this->inner->set($this->nameOf($key), "{$this->sign($key, $until, $value)}.{$until}.{$value}", $ttlSeconds);
    }

    /** Short, of letters and digits: more is not promised for keys of PSR-16. */
    private function nameOf(string $key): string
    {
        return substr(hash_hmac('sha256', "name.{$key}", $this->key->reveal()), 0, 40);
    }

    private function sign(string $key, string $until, string $value): string
    {
        return hash_hmac('sha256', json_encode([$key, $until], JSON_THROW_ON_ERROR) . $value, $this->key->reveal());
    }
}
