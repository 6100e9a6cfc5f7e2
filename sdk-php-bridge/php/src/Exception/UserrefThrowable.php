<?php

declare(strict_types=1);

namespace Userref\Exception;

use Userref\Contract\ErrorCode;

/**
 * Everything that this package throws on purpose. Decide by `errorCode()`: it comes from the contract and stays
 * stable, messages do not. No message holds personal data or a secret.
 */
interface UserrefThrowable extends \Throwable
{
    public function errorCode(): ErrorCode;

    /** One sentence: what happened. */
    public function detail(): string;

    /** What to do about it. */
    public function fix(): string;

    /** Where the code is explained. */
    public function helpUrl(): string;

    /** Whether trying again later makes sense. Keep the session when it is true. */
    public function isTransient(): bool;

    /** For the operator: finds the call in the log of the bridge. */
    public function requestId(): ?string;
}
