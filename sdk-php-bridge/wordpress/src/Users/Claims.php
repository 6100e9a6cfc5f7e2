<?php

declare(strict_types=1);

namespace UserrefLogin\Users;

use Userref\Contract\ErrorCode;
use Userref\Exception\UserrefException;
use UserrefLogin\Sessions\WpdbRevocationStore;

/** WordPress' table of users has no unique key, so whoever makes or connects the account of a `user_ref` does it alone. */
final class Claims
{
    private const SECONDS = 30;
    private const WAIT_MS = 50;
    private const TRIES = 200;

    public function __construct(private readonly WpdbRevocationStore $store)
    {
    }

    /**
     * @template T
     *
     * @param callable(): T $work
     *
     * @return T
     *
     * @throws UserrefException `service_unavailable`
     */
    public function alone(string $userRef, callable $work): mixed
    {
        for ($try = 0; !$this->store->claim($userRef, time() + self::SECONDS); $try++) {
            if ($try === self::TRIES) {
                throw new UserrefException(ErrorCode::ServiceUnavailable, 'The account is just being made.');
            }
            usleep(self::WAIT_MS * 1000);
        }
        try {
            return $work();
        } finally {
            $this->store->release($userRef);
        }
    }
}
