<?php

declare(strict_types=1);

namespace Userref\Passport;

use Userref\Contract\ErrorCode;
use Userref\Exception\PassportRefused;

/** Short ways to refuse. */
final class Refusal
{
    public static function malformed(): PassportRefused
    {
        return new PassportRefused(ErrorCode::PassportMalformed);
    }

    public static function claim(string $detail): PassportRefused
    {
        return new PassportRefused(ErrorCode::PassportClaimInvalid, $detail);
    }

    public static function key(string $detail): PassportRefused
    {
        return new PassportRefused(ErrorCode::PassportKeyUnusable, $detail);
    }

    public static function status(string $detail): PassportRefused
    {
        return new PassportRefused(ErrorCode::PassportStatusInvalid, $detail);
    }
}
