<?php

declare(strict_types=1);

namespace Userref\Exception;

use Userref\Contract\ErrorCode;
use Userref\Hidden;
use Userref\Web\Cookie;

/** A login that came back and was refused. Send the cookies with whatever answer you give. */
final class LoginFailed extends UserrefException
{
    /** @var Hidden<string>|null the session in a new form, where there was one */
    public readonly ?Hidden $sessionHandle;

    /** @param list<Cookie> $cookies */
    public function __construct(
        ErrorCode $errorCode,
        ?string $detail = null,
        ?bool $isTransient = null,
        ?string $requestId = null,
        public readonly array $cookies = [],
        public readonly ?string $returnTo = null,
        #[\SensitiveParameter] ?string $sessionHandle = null,
    ) {
        parent::__construct($errorCode, $detail, $isTransient, $requestId);
        $this->sessionHandle = $sessionHandle === null ? null : new Hidden($sessionHandle);
    }
}
