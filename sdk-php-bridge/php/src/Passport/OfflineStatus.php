<?php

declare(strict_types=1);

namespace Userref\Passport;

/** Status lists at hand, to see revocations without asking anybody. */
final class OfflineStatus
{
    /** @var list<string> */
    public readonly array $lists;
    public readonly bool $isSingle;

    /**
     * @param string|list<string> $lists as `GET {core}/status/{list}` gave them
     * @param int|null $maxAgeSeconds oldest list to accept; null: the `ttl` of the list, else 300
     * @param bool $allowStale accept an older list all the same, though never one past its `exp`
     */
    public function __construct(
        string|array $lists,
        public readonly ?int $maxAgeSeconds = null,
        public readonly bool $allowStale = false,
    ) {
        $this->lists = is_string($lists) ? [$lists] : array_values($lists);
        $this->isSingle = count($this->lists) === 1;
    }
}
