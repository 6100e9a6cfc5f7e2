<?php

declare(strict_types=1);

namespace Userref\Exception;

/** A passport that proves nothing; the code says the first fault: `passport_…`. */
final class PassportRefused extends UserrefException
{
}
