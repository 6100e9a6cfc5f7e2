<?php

// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

declare(strict_types=1);

namespace Userref\Contract;

/** How surely the person was recognised. */
enum AssuranceLevel: string
{
    case Low = 'low';
    case Substantial = 'substantial';
    case High = 'high';
}
