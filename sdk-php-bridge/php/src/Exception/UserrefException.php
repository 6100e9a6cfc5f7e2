<?php

declare(strict_types=1);

namespace Userref\Exception;

use Userref\Contract\ErrorCode;

/** The base of all errors, and the error itself where no code needs a class of its own. */
class UserrefException extends \RuntimeException implements UserrefThrowable
{
    private readonly string $detail;
    private readonly bool $isTransient;

    public function __construct(
        private readonly ErrorCode $errorCode,
        ?string $detail = null,
        ?bool $isTransient = null,
        private readonly ?string $requestId = null,
        ?\Throwable $previous = null,
    ) {
        $this->detail = $detail ?? $errorCode->detail();
        $this->isTransient = $isTransient ?? $errorCode->isTransient();
        parent::__construct("{$errorCode->value}: {$this->detail} {$errorCode->fix()}", 0, $previous);
    }

    public function errorCode(): ErrorCode
    {
        return $this->errorCode;
    }

    public function detail(): string
    {
        return $this->detail;
    }

    public function fix(): string
    {
        return $this->errorCode->fix();
    }

    public function helpUrl(): string
    {
        return $this->errorCode->helpUrl();
    }

    public function isTransient(): bool
    {
        return $this->isTransient;
    }

    public function requestId(): ?string
    {
        return $this->requestId;
    }
}
