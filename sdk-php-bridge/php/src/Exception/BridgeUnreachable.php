<?php

declare(strict_types=1);

namespace Userref\Exception;

/** The bridge gave no answer in time. Sessions go on; what needs the core has to wait. */
final class BridgeUnreachable extends UserrefException
{
}
