<?php

declare(strict_types=1);

namespace Userref\Exception;

use Userref\Contract\ErrorCode;

/** The configuration is wrong; every problem is listed, without values. */
final class ConfigException extends UserrefException
{
    /** @param non-empty-list<string> $problems */
    public function __construct(public readonly array $problems)
    {
        parent::__construct(ErrorCode::ConfigInvalid, implode('; ', $problems) . '.');
    }
}
