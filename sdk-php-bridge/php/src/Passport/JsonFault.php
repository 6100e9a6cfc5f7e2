<?php

declare(strict_types=1);

namespace Userref\Passport;

/** Why a text is not strict JSON. */
final class JsonFault extends \Exception
{
    public function __construct(public readonly bool $isDuplicateMember = false)
    {
        parent::__construct($isDuplicateMember ? 'a member occurs twice' : 'malformed');
    }
}
