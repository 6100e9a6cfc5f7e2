<?php

declare(strict_types=1);

namespace Userref\Exception;

use Userref\Contract\ErrorCode;

/** The person has not agreed, or no longer agrees, to share these attributes for this purpose. Ask, or do without. */
final class ConsentRequired extends UserrefException
{
    /** @param list<string> $attributes those that no live consent covers */
    public function __construct(
        public readonly array $attributes,
        public readonly string $purpose,
        ErrorCode $errorCode = ErrorCode::ConsentRequired,
        ?string $requestId = null,
    ) {
        parent::__construct($errorCode, requestId: $requestId);
    }
}
